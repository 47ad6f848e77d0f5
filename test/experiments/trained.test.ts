import { expect, test } from 'vitest'
import type { Cell } from '../../experiments/table/cell.ts'
import { placeOf } from '../../experiments/table/place.ts'
import { trained } from '../../experiments/table/trained.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { readManifest, readSplit } from '../../src/store/index.ts'
import { listRuns, readRun, writeRun } from '../../src/train/index.ts'
import { storeOf, swinging } from '../jobs/penn-store.ts'

const clips = Array.from({ length: 5 }, (_, index) => swinging(index + 1))

test('goes on with what was killed in a process of its own, and trains nothing twice', async () => {
  const place = await storeOf(clips)
  const [{ root }, { name, hash }] = [await readManifest(place.storeDir, 'penn-action'), await readSplit(place.storeDir, 'penn-action', 'official')]
  const cell: Cell = { model: 'la2ds', action: 'pullup', seed: 1, settings: ['profile=tiny', 'batch=4', 'frames=16', 'epochs=2', 'checkpointEvery=1', 'validation=0'] }
  const { run } = await trainJob({ ...place, ...cell, dataset: 'penn-action', split: 'official', device: 'cpu', threads: 1 }, { now: () => 0 })
  await writeRun(place.runsDir, { ...await readRun(place.runsDir, run), state: 'running', ended: null })
  const again = async () => [...(await trained([cell, cell], { dataset: 'penn-action', split: { name, hash }, root }, placeOf([place.storeDir, place.runsDir]), () => {})).values()]
  expect(await again()).toMatchObject([{ run, state: 'done', steps: 2, seed: 1 }])
  expect(await again()).toEqual((await listRuns(place.runsDir)).runs)
})
