import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runsAskedText } from '../../src/cli/runs-asked-text.ts'
import { garbageOf } from '../../src/jobs/collect-garbage.ts'
import { readManifest } from '../../src/store/index.ts'
import { createRun, runFile } from '../../src/train/index.ts'
import { runFields } from '../train/run-fields.ts'
import { storeOf, swinging } from './penn-store.ts'

const asked = async () => ({ ...await storeOf([swinging(0), swinging(1)]), datasets: ['penn-action'], apply: false })

test('says which runs were asked what they need', async () => {
  const request = await asked()
  const { root } = await readManifest(request.storeDir, 'penn-action')
  const { run } = await createRun(request.runsDir, { ...runFields, root })
  const found = await garbageOf(request)
  expect(found).toMatchObject({ runs: { folder: request.runsDir, exists: true, count: 1 }, datasets: [{ kept: [{ because: ['newest', `run ${run}`, 'split official'] }] }] })
  expect(runsAskedText(found.runs)).toBe(`1 run in "${request.runsDir}" was asked what it needs`)
})

test('says that there is no folder of runs', async () => {
  const request = await asked()
  const runsDir = join(request.runsDir, 'elsewhere')
  const found = await garbageOf({ ...request, runsDir })
  expect(found.runs).toEqual({ folder: runsDir, exists: false, count: 0 })
  expect(runsAskedText(found.runs)).toBe(`no run was asked what it needs: there is no folder "${runsDir}"`)
})

test('lets go of nothing while the record of a run is lost', async () => {
  const request = await asked()
  const { run } = await createRun(request.runsDir, runFields)
  await rename(runFile(request.runsDir, run, 'record'), runFile(request.runsDir, run, 'checkpoint'))
  await expect(garbageOf({ ...request, apply: true })).rejects.toMatchObject({
    code: 'E_RUN_DAMAGED', message: `"${request.runsDir}/${run}" has checkpoint.safetensors of a run, but no run.json` })
})
