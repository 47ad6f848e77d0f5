import { mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip } from '../../../src/clip.ts'
import type { Plan } from '../../../src/ingest/adapter.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import type { IkeaFacts } from '../../../src/ingest/adapters/ikea-asm/ikea-discover.ts'
import { ingest, ingestExit } from '../../../src/ingest/ingest.ts'
import { readClips } from '../../../src/store/index.ts'
import { shared } from '../../shared.ts'
import { contextOf, readFilms } from '../read-film.ts'

const furniture = ['Kallax_Shelf_Drawer', 'Lack_Coffee_Table', 'Lack_Side_Table', 'Lack_TV_Bench'] as const

describe.skipIf(shared === null)('the complete annotations of IKEA ASM', () => {
  let entry: DatasetEntry
  let plan: Plan<IkeaFacts>
  let clips: Clip[]
  const folder = mkdtempSync(join(tmpdir(), 'posetta-ikea-'))
  beforeAll(async () => {
    entry = entryOf(await readCatalog(), 'ikea-asm')
    symlinkSync(`${shared}/data/ikea-asm/annotations`, join(folder, 'annotations'))
    symlinkSync(`${shared}/data/ikea-asm/derived`, join(folder, 'indexing_files'))
    plan = await ikeaAsm.discover(contextOf(entry, folder))
    clips = (await readFilms(ikeaAsm, contextOf(entry, folder))).flatMap((film) => film.clips)
  })

  test('are whole, with one clip of labels for each of 371 scans and 1,015,030 frames', () => {
    expect(plan).toMatchObject({ complete: true, hasFrames: false, missing: ['poses', 'videos and frames', 'Calibration'] })
    expect([clips.length, sum(clips)]).toEqual([371, 1_015_030])
    expect(new Set(clips.map(({ group }) => group)).size).toBe(371)
    expect(clips.every(({ keypoints, labels, fps }) => keypoints === null && labels.camera === null && fps === 25)).toBe(true)
  })

  test('are ingested as published, and are not read again', async () => {
    const storeDir = join(folder, 'store')
    const result = await ingest({ entry, rawDir: folder, storeDir, jobs: 1 })
    expect(result).toMatchObject({ clips: 371, frames: 1_015_030, complete: true, quarantined: [], checks: [
      { name: 'recordings', found: 371, ok: true }, { name: 'frames', found: 1_015_030, ok: true }, { name: 'train', found: 254, ok: true },
      { name: 'test', found: 117, ok: true },
    ] })
    expect(ingestExit(result)).toBe(0)
    const [id] = [...clips].map((clip) => clip.id).slice(100)
    expect(await readClips(storeDir, 'ikea-asm', [id!], { raw: true })).toEqual(clips.filter((clip) => clip.id === id))
    expect(await ingest({ entry, rawDir: folder, storeDir, jobs: 1 })).toMatchObject({ read: 0, root: result.root })
  })

  test('agree among database, segments, labels by frame and lists of the split: nothing is set aside', () => {
    expect(plan.quarantined).toEqual([])
    expect(clips.flatMap(({ flags }) => flags).filter((flag) => /disagree|without-label/.test(flag))).toEqual([])
  })

  test('leave out the one scan on neither side', () => {
    expect(plan.ignored).toEqual([
      'Lack_Side_Table/special_test: 1671 frames and 18 annotations in annotations/ikea_annotation_db_full, on neither side of the split',
    ])
  })

  test('have 254 scans to train on and 117 to test on, by furniture as published', () => {
    const count = (action: string, side: string): readonly [number, number] => {
      const own = clips.filter(({ labels }) => labels.action === action && labels.officialSplit === side)
      return [own.length, sum(own)]
    }
    expect(furniture.map((kind) => [...count(kind, 'train'), ...count(kind, 'test')])).toEqual([
      [61, 108_347, 29, 56_198], [66, 226_277, 29, 97_826], [65, 170_352, 30, 78_799], [62, 189_664, 29, 87_567],
    ])
  })

  // numpy.bincount of all arrays of gt_action.npy, by numpy 2
  test('count the frames of each class as numpy does', () => {
    const runs = actionRuns(clips).map(({ number, start, end }) => ({ number, frames: end - start }))
    expect(entry.classes['action']!.map((_, number) => sum(runs.filter((run) => run.number === number)))).toEqual([
      145720, 42014, 15805, 23865, 17390, 72100, 1100, 44077, 9830, 11715, 271, 1403, 507, 678, 1101, 177, 531, 13001, 4218, 5286, 1670, 46758, 5227, 18510,
      9778, 1120, 5391, 623, 375, 13524, 18387, 450479, 32399,
    ])
  })

  test('have 33 labels, 17 of them in Kallax shelf drawers', () => {
    const labels = (of: readonly Clip[]): number => new Set(actionRuns(of).map(({ label }) => label)).size
    expect([labels(clips), labels(clips.filter(({ labels }) => labels.action === furniture[0]))]).toEqual([33, 17])
  })

  test('have the 8,413 segments of gt_segments.json and the 103 runs of a single frame that it leaves out', () => {
    const long = actionRuns(clips).filter(({ start, end }) => end - start > 1)
    expect([long.length, long.filter(({ number }) => number === 0).length, actionRuns(clips).length - long.length]).toEqual([8413, 2598, 103])
  })

  test('keep the 5,915 rows of the database in the words of the row, cut where the film ends', () => {
    const rows = clips.flatMap(({ labels }) => labels.segments.filter(({ track }) => track === 'annotation'))
    expect(rows).toHaveLength(5915)
    expect(clips.every(({ frames, labels }) => labels.segments.every(({ start, end }) => start < end && end <= frames))).toBe(true)
    // SELECT ... WHERE video_id = (the dev3 row of this scan) ORDER BY starting_frame, by sqlite3 of Python
    const clip = clips.find(({ group }) => group === 'ikea-asm/Kallax_Shelf_Drawer/0001_black_table_02_01_2019_08_16_14_00')!
    expect(clip.labels.segments.filter(({ track }) => track === 'annotation').slice(0, 2)).toEqual([
      { track: 'annotation', start: 61, end: 88, label: 'pick up ... | side panel', number: null },
      { track: 'annotation', start: 88, end: 116, label: 'align side panel holes with front panel dowels', number: null },
    ])
    expect(clip.labels).toMatchObject({ subject: '0001', scene: '02' })
  })

  // counted by Python over the rows of dev3 in the order of their ids
  test('flag what is odd about rows and names, and nothing else', () => {
    const counts = new Map<string, number>()
    for (const flag of clips.flatMap(({ flags }) => flags)) counts.set(flag, (counts.get(flag) ?? 0) + 1)
    expect(Object.fromEntries(counts)).toEqual({
      'annotation-beyond-film': 7, 'annotation-without-class': 43, 'annotations-overlap': 73, 'scan-name-outside-grammar': 1,
    })
    expect(clips.find(({ flags }) => flags.includes('scan-name-outside-grammar'))!.id).toBe(
      'ikea-asm/Lack_Side_Table/0018_white_table_02_01_2019_08_16_10_07_Allstar_Richard_Hartley')
  })

  test('lead to the row, the entry and the array that label a scan, and to its line in the list', () => {
    const { files } = clips.find(({ id }) => id.endsWith('0025_black_table_04_02_2019_08_20_13_48'))!
    expect(files.map(({ path, place, role }) => [path, place, role])).toEqual([
      ['annotations/gt_action.npy', 'gt_labels[0]', 'annotations'], ['annotations/ikea_annotation_db_full', 'videos row 4', 'annotations'],
      ['annotations/gt_segments.json', 'database["Lack_TV_Bench/0025_black_table_04_02_2019_08_20_13_48"]', 'annotations'],
      ['indexing_files/test_cross_env.txt', 'line 1', 'annotations'],
    ])
  })
})

function sum(all: readonly { readonly frames: number }[]): number {
  return all.reduce((sum, { frames }) => sum + frames, 0)
}

function actionRuns(clips: readonly Clip[]): Clip['labels']['segments'] {
  return clips.flatMap(({ labels }) => labels.segments.filter(({ track }) => track === 'action'))
}
