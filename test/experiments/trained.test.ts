import { existsSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import type { Cell } from '../../experiments/table/cell.ts'
import { placeOf } from '../../experiments/table/place.ts'
import { trained } from '../../experiments/table/trained.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { readManifest, readSplit } from '../../src/store/index.ts'
import { listRuns, readRun, runFile, writeRun } from '../../src/train/index.ts'
import { storeOf, swinging } from '../jobs/penn-store.ts'

const clips = Array.from({ length: 5 }, (_, index) => swinging(index + 1))

const tiny = ['profile=tiny', 'batch=4', 'frames=16', 'checkpointEvery=1', 'validation=0']

test('goes on with what was killed in a process of its own, and trains nothing twice', async () => {
  const place = await storeOf(clips)
  const data = await dataIn(place)
  const cell: Cell = { model: 'la2ds', action: 'pullup', seed: 1, settings: [...tiny, 'epochs=2'] }
  const { run } = await trainJob({ ...place, ...cell, dataset: 'penn-action', split: 'official', device: 'cpu', threads: 1 }, { now: () => 0 })
  await writeRun(place.runsDir, { ...await readRun(place.runsDir, run), state: 'running', ended: null })
  const again = async () => [...(await trained([cell, cell], data, placeOf([place.storeDir, place.runsDir]), () => {})).values()]
  expect(await again()).toMatchObject([{ run, state: 'done', steps: 2, seed: 1 }])
  expect(await again()).toEqual((await listRuns(place.runsDir)).runs)
})

test('told to end, it ends once the training has finished its step and left what another goes on from', async () => {
  const place = await storeOf(clips)
  const cell: Cell = { model: 'la2ds', action: 'pullup', seed: 1, settings: [...tiny, 'epochs=100000'] }
  const table = trained([cell], await dataIn(place), placeOf([place.storeDir, place.runsDir]), () => {})
  await Promise.race([table, vi.waitUntil(async () => (await listRuns(place.runsDir)).runs.some(({ run }) => existsSync(runFile(place.runsDir, run, 'checkpoint'))), { timeout: 60_000, interval: 50 })])
  process.emit('SIGTERM')
  await expect(table).rejects.toThrow('la2ds pullup seed 1 profile=tiny batch=4 frames=16 checkpointEvery=1 validation=0 epochs=100000 ended with 130: the same command goes on with it')
  expect((await listRuns(place.runsDir)).runs).toMatchObject([{ state: 'interrupted' }])
})

async function dataIn({ storeDir }: { readonly storeDir: string }) {
  const [{ root }, { name, hash }] = [await readManifest(storeDir, 'penn-action'), await readSplit(storeDir, 'penn-action', 'official')]
  return { dataset: 'penn-action', split: { name, hash }, root }
}
