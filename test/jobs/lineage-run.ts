import { mkdtempSync, readdirSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { evalJob } from '../../src/jobs/eval.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { makeSplit } from '../../src/queries/index.ts'
import { temporaryFolder } from '../store/folder.ts'

export type LineagePlaces = { readonly rawDir: string; readonly storeDir: string; readonly runsDir: string }

/** Actions of a twin of nine rounds: six videos of each to train on, three to test. */
const [ACTIONS, ROUNDS] = [13, 9]
const now = () => 1_764_000_000_000

/**
 * Makes once: a twin of Penn Action of which the pullups are kept, its store, the official split, a run of three steps and its evaluation. Answers with where
 * they are, for tests that only read, and a function that gives a test folders of its own.
 */
export function lineageRun(): { readonly made: LineagePlaces; readonly placesOf: () => Promise<LineagePlaces> } {
  const made = mkdtempSync(join(tmpdir(), 'posetta-lineage-'))
  const places = { rawDir: join(made, 'raw'), storeDir: join(made, 'store'), runsDir: join(made, 'runs') }
  beforeAll(async () => {
    const entry = entryOf(await readCatalog(), 'penn-action')
    await writeTwin(entry, places.rawDir, { clips: ACTIONS * ROUNDS, seed: 1, frames: false })
    const [first, last] = entry.actionEntries.find(({ name }) => name === 'pullup')!.ids!
    for (const file of readdirSync(join(places.rawDir, 'labels'))) if (Number(file.slice(0, 4)) < first || Number(file.slice(0, 4)) > last) await rm(join(places.rawDir, 'labels', file))
    await ingest({ entry, ...places, jobs: 1 })
    await makeSplit({ ...places, entry, from: { protocol: 'official' }, seed: 0, allowLeaks: ['near-duplicate'] })
    await trainJob({ ...places, model: 'la2ds', dataset: 'penn-action', split: 'official', action: 'pullup', seed: 0, device: 'cpu', threads: 1,
      settings: ['profile=tiny', 'epochs=3', 'batch=4', 'frames=16', 'validateEvery=1'] }, { now })
    await evalJob({ ...places, run: 'latest', protocol: 'quick', metrics: ['kendall-tau', 're-cut-cycle-skill', 'phase-accuracy'] })
  }, 240_000)
  afterAll(() => rm(made, { recursive: true }))
  const placesOf = async (): Promise<LineagePlaces> => {
    const folder = await temporaryFolder()
    await cp(made, folder, { recursive: true })
    return { rawDir: join(folder, 'raw'), storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
  }
  return { made: places, placesOf }
}
