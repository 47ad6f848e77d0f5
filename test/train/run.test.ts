import { mkdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createRun, listRuns, readRun, removeRun, type RunRecord } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'

const fields: Omit<RunRecord, 'run'> = {
  format: 1, model: 'la2ds', dataset: 'penn-action', split: { name: 'official', hash: 'a' }, root: 'b', commit: 'c', action: 'pullup',
  seed: 2, epochs: 3, device: 'cpu', threads: 2,
  config: { batch: 16 }, frames: 64, clips: { train: 8, validation: 2, leftOut: 1 }, versions: { posetta: '0.1.0' }, machine: null,
  started: '2026-11-21T05:52:31.123Z', ended: null, state: 'running', steps: 0, seconds: 0, best: null, stopped: null, checkpoint: null,
}

test('a run is named after its start, model, action and seed; two of one second get two names', async () => {
  const runs = await temporaryFolder()
  const [one, two] = [await createRun(runs, fields), await createRun(runs, { ...fields })]
  expect([one.run, two.run]).toEqual(['20261121-055231-la2ds-pullup-s2', '20261121-055231-la2ds-pullup-s2-2'])
  expect(await readRun(runs, two.run)).toEqual(two)
})

test('latest is the newest by start time', async () => {
  const runs = await temporaryFolder()
  await createRun(runs, { ...fields, started: '2026-12-01T00:00:00.000Z', action: null })
  await createRun(runs, fields)
  expect((await readRun(runs, 'latest')).run).toBe('20261201-000000-la2ds-all-s2')
  expect((await listRuns(runs)).map(({ seed }) => seed)).toEqual([2, 2])
})

test('an unknown run is answered with those that exist, also when there is none', async () => {
  const runs = await temporaryFolder()
  await expect(readRun(runs, 'latest')).rejects.toMatchObject({ code: 'E_RUN_UNKNOWN', message: `there is no run in "${runs}" yet` })
  await createRun(runs, fields)
  await expect(readRun(runs, '20261121-055231-la2ds-pulup-s2')).rejects.toMatchObject({
    code: 'E_RUN_UNKNOWN', message: `no run in "${runs}" named "20261121-055231-la2ds-pulup-s2"`,
    hint: 'did you mean "20261121-055231-la2ds-pullup-s2"? There is: 20261121-055231-la2ds-pullup-s2' })
})

test('a damaged record says where; folders without one are passed over', async () => {
  const runs = await temporaryFolder()
  await mkdir(`${runs}/broken`)
  await writeFile(`${runs}/broken/run.json`, JSON.stringify({ ...fields, run: 'broken', steps: -1 }))
  await expect(readRun(runs, 'broken')).rejects.toMatchObject({
    code: 'E_RUN_DAMAGED', message: `"${runs}/broken/run.json" is of another format: steps: Too small: expected number to be >=0` })
  expect(await listRuns(runs)).toEqual([])
})

test('a removed run is gone', async () => {
  const runs = await temporaryFolder()
  await createRun(runs, fields)
  await removeRun(runs, 'latest')
  expect(await listRuns(runs)).toEqual([])
})

test('a run made before commit, machine and checkpoint were kept is read with none of them', async () => {
  const runs = await temporaryFolder()
  const { commit: _, machine: __, checkpoint: ___, ...old } = fields
  await mkdir(`${runs}/old`)
  await writeFile(`${runs}/old/run.json`, JSON.stringify({ ...old, run: 'old' }))
  expect(await readRun(runs, 'old')).toEqual({ ...fields, commit: null, run: 'old' })
})
