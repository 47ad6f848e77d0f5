import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { makeSplit, type MadeSplit } from '../../src/queries/index.ts'
import { readClips, writeClips } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'

const catalog = await readCatalog()

async function twinOf(name: string, clips: number): Promise<{ entry: DatasetEntry; storeDir: string }> {
  const [entry, folder] = [entryOf(catalog, name), await temporaryFolder()]
  await writeTwin(entry, join(folder, 'raw'), { clips, seed: 5, frames: false })
  await ingest({ entry, rawDir: join(folder, 'raw'), storeDir: join(folder, 'store'), jobs: 1 })
  return { entry, storeDir: join(folder, 'store') }
}

const officialOf = (entry: DatasetEntry, storeDir: string): Promise<MadeSplit> =>
  makeSplit({ storeDir, runsDir: join(storeDir, 'no-runs'), entry, from: { protocol: 'official' }, seed: 0, allowLeaks: [] })

describe('a clean twin passes its official split', () => {
  test.each([['penn-action', 100], ['ikea-asm', 6], ['h2o', 4]] as const)('%s', { timeout: 60_000 }, async (name, clips) => {
    const { entry, storeDir } = await twinOf(name, clips)
    expect((await officialOf(entry, storeDir)).leaks.filter(({ allowed }) => !allowed)).toEqual([])
  })
})

test('a clip that was cut, moved and enlarged into the other side is refused', async () => {
  const { entry, storeDir } = await twinOf('penn-action', 60)
  const clips = await readClips(storeDir, 'penn-action', undefined, { raw: true })
  const source = clips.find(({ labels, frames }) => labels.officialSplit === 'train' && frames >= 40)!
  await writeClips({ storeDir: join(storeDir, 'planted'), dataset: 'penn-action', skeletons: entry.skeletons, clips: [...clips, copyOf(source)] })
  await expect(officialOf(entry, join(storeDir, 'planted'))).rejects.toMatchObject({
    code: 'E_SPLIT_LEAK', message: expect.stringMatching(`^split "official" leaks: near-duplicate, 1 times, such as ${source.id} \\(train, frames [456] to 3[345]\\) = penn-action/9999 \\(test, frames [01] to 2[89]\\), distance 0.00\\d$`) })
})

/** Frames 5 to 34 of a clip as a recording of its own, tested on, 1.5 times as large and elsewhere. */
function copyOf(clip: Clip): Clip {
  const [start, end] = [5, 35]
  const keypoints = clip.keypoints!.slice(start * 39, end * 39).map((value, at) => (at % 3 === 2 ? value : 1.5 * value - 60))
  return {
    ...clip, id: 'penn-action/9999', group: 'penn-action/9999', frames: end - start, keypoints, states: clip.states!.slice(start * 13, end * 13), boxes: null,
    raw: keypoints.filter((_, at) => at % 3 < 2).map((value) => (Number.isNaN(value) ? 0 : value)), time: clip.time.slice(0, end - start), flags: [], files: [], labels: { ...clip.labels, officialSplit: 'test', phases: [{ start: 0, end: end - start, label: 'start' }] },
  }
}

test('what was fitted on the train side of one split is held against the other sides of another', async () => {
  const { entry, storeDir } = await twinOf('penn-action', 60)
  const { split } = await officialOf(entry, storeDir)
  const turned = `SELECT CASE official_split WHEN 'train' THEN 'test' ELSE 'train' END AS side, id AS clip_id FROM clips ORDER BY side, clip_id`
  const request = { storeDir, runsDir: join(storeDir, 'no-runs'), entry, seed: 0, allowLeaks: [], fittedOn: ['official'] }
  expect((await makeSplit({ ...request, from: { name: 'same', sql: split.query } })).leaks).toEqual([])
  await expect(makeSplit({ ...request, from: { name: 'turned', sql: turned } })).rejects.toMatchObject({
    message: `split "turned" leaks: statistics-on-test, 1 times, such as what was fitted on the train side of "official" has seen ${split.sides.train!.length} clips of test, such as ${split.sides.train![0]}` })
  await expect(makeSplit({ ...request, from: { name: 'turned', sql: turned }, fittedOn: ['offical'] })).rejects.toMatchObject({ code: 'E_SPLIT_UNKNOWN' })
})
