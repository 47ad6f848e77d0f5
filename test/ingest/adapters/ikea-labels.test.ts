import { readdirSync, readFileSync, statSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip, Quarantined } from '../../../src/clip.ts'
import { ikeaAsm } from '../../../src/ingest/adapters/ikea-asm/ikea-asm.ts'
import { openRawFolder } from '../../../src/ingest/raw-folder.ts'
import { deeds, nameOf } from '../../../src/ingest/synthetic/ikea-asm/ikea-classes.ts'
import { writeGtAction } from '../../../src/ingest/synthetic/ikea-asm/ikea-gt-action.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { gtActionFile, ikeaFolder, SCAN, segmentsFile, withDatabase } from './ikea-raw.ts'

// by the ids of the database: spin leg, pick up leg, pick up table (no class), tighten leg
const [SPIN, PICK_UP, UNLISTED, TIGHTEN] = [[6, 1], [2, 2], [2, 4], [7, 1]] as const
const row = ([action, object]: readonly [number, number], start: number, end: number) => ({ action, object, start, end })
let entry: DatasetEntry

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'ikea-asm')
})

describe('frames are labelled', () => {
  test('by the rows of the database: ends are exclusive, later rows win, a pair without a class counts for nothing', async () => {
    const { labels, flags } = await clipOf(withDatabase(ikeaFolder({}), [row(SPIN, 2, 8), row(PICK_UP, 6, 10), row(UNLISTED, 12, 15), row(TIGHTEN, 18, 23)]))
    expect(runs(labels)).toEqual(['0-2 NA', '2-6 spin leg', '6-10 pick up leg', '10-18 NA', '18-20 tighten leg'])
    expect(flags).toEqual(['annotation-beyond-film', 'annotation-without-class', 'annotations-overlap', 'not-in-split'])
  })

  test('beside every row as it is, as verb and as object', async () => {
    const { labels } = await clipOf(withDatabase(ikeaFolder({}), [row(SPIN, 4, 30), row(PICK_UP, 0, 4)]))
    expect(labels.segments.filter(({ track }) => track !== 'action')).toEqual([
      { track: 'annotation', start: 0, end: 4, label: 'pick up ... | leg', number: null },
      { track: 'annotation', start: 4, end: 20, label: 'spin leg', number: null },
      { track: 'object', start: 0, end: 4, label: 'leg', number: 2 },
      { track: 'verb', start: 0, end: 4, label: 'pick up', number: 2 },
      { track: 'verb', start: 4, end: 20, label: 'spin leg', number: 6 },
    ])
  })

  test('by gt_segments.json alone: ends are inclusive, and a frame that it leaves out is not known', async () => {
    const { frames, labels, flags } = await clipOf(ikeaFolder({ 'gt_segments.json': segmentsFile([['NA', 0, 3], ['spin leg', 5, 9]], 'testing') }))
    expect([frames, runs(labels), labels.officialSplit]).toEqual([10, ['0-4 NA', '5-10 spin leg'], 'test'])
    expect(flags).toEqual(['frames-without-label'])
  })

  test('by gt_action.npy before all others', async () => {
    const { labels, flags, files } = await clipOf(ikeaFolder({
      'annotations/action_annotations/gt_action.npy': gtActionFile([0, 0, 31, 31, 31]),
      'annotations/gt_segments.json': segmentsFile([['NA', 0, 1], ['spin leg', 2, 4]]),
    }))
    expect(runs(labels)).toEqual(['0-2 NA', '2-5 spin leg'])
    expect(flags).toEqual([])
    expect(files.map(({ path, place }) => `${path} ${place}`)).toEqual([
      'annotations/action_annotations/gt_action.npy gt_labels[0]', `annotations/gt_segments.json database["${SCAN}"]`])
  })
})

describe('what files say differently is told, and flagged', () => {
  test('of the database against gt_action.npy, for each of its films, with frames and both classes', async () => {
    const folder = withDatabase(ikeaFolder({ 'gt_action.npy': gtActionFile([...zeros(4), 31, 31, 31, ...zeros(13)]) }), [row(SPIN, 4, 6), row(PICK_UP, 10, 11)])
    expect((await clipOf(folder)).flags).toContain('labels-disagree')
    expect(await told(folder)).toEqual([1, 2, 3].map((video) => ({
      source: `ikea_annotation_db_full#videos row ${video}`, code: 'E_IKEA_DISAGREE',
      message: `${SCAN}: frame 6 is 0 (NA) here, 31 (spin leg) in gt_action.npy; frame 10 is 21 (pick up leg) here, 0 (NA) in gt_action.npy`,
      readmit: 'gt_action.npy was taken: if that is wrong, mend or remove it and run the same ingest again',
    })))
  })

  test('of gt_segments.json, which may leave out single frames and no others', async () => {
    const single = ikeaFolder({ 'gt_action.npy': gtActionFile([0, 0, 31, 0, 0]), 'gt_segments.json': segmentsFile([['NA', 0, 1], ['NA', 3, 4]]) })
    expect(await told(single)).toEqual([])
    const two = ikeaFolder({ 'gt_action.npy': gtActionFile([0, 0, 31, 31, 0, 0]), 'gt_segments.json': segmentsFile([['NA', 0, 1], ['NA', 4, 5]]) })
    expect((await told(two)).map(({ message }) => message)).toEqual([`${SCAN}: frames 2 to 3 are not labelled here, 31 (spin leg) in gt_action.npy`])
  })

  test('of another number of frames', async () => {
    const folder = withDatabase(ikeaFolder({ 'gt_action.npy': gtActionFile(zeros(18)) }), [], { cameras: ['dev3'] })
    expect((await told(folder)).map(({ message }) => message)).toEqual([`${SCAN}: 20 frames are labelled here, 18 in gt_action.npy`])
    expect((await clipOf(folder)).frames).toBe(18)
  })

  test('of more than three stretches, the first three', async () => {
    const rows = [1, 4, 7, 10, 13].map((start) => row(SPIN, start, start + 2))
    const folder = withDatabase(ikeaFolder({ 'gt_action.npy': gtActionFile(zeros(20)) }), rows, { cameras: ['dev3'] })
    expect((await told(folder))[0]!.message).toMatch(/frames 7 to 8 are 31 \(spin leg\) here, 0 \(NA\) in gt_action.npy; 2 more stretches differ$/)
  })

  test('of a scan that one of them passes over', async () => {
    const folder = ikeaFolder({ 'gt_segments.json': segmentsFile([['NA', 0, 4]]), 'gt_action.npy': writeGtAction([]) })
    expect((await told(folder)).map(({ source, message }) => [source, message])).toEqual([
      ['gt_action.npy', `${SCAN}: not labelled here, but in gt_segments.json`]])
    expect((await clipOf(folder)).flags).toEqual(['labels-disagree'])
  })

  test('of the side of the split: gt_segments.json counts', async () => {
    const folder = ikeaFolder({ 'gt_segments.json': segmentsFile([['NA', 0, 4]]), 'indexing_files/test_cross_env.txt': `${SCAN}\n` })
    expect((await told(folder)).map(({ source, message }) => [source, message])).toEqual([
      ['indexing_files/test_cross_env.txt#line 1', `${SCAN}: on the test side here, on the train side in gt_segments.json`]])
    expect(await clipOf(folder)).toMatchObject({ flags: ['split-disagrees'], labels: { officialSplit: 'train' } })
  })
})

describe('a file about many scans that cannot be read is set aside once, and the others do', () => {
  test('a database cut in half', async () => {
    const folder = ikeaFolder({ ikea_annotation_db_full: 'SQLite format 3\0', 'gt_segments.json': segmentsFile([['NA', 0, 4]]) })
    expect((await told(folder)).map(({ source, code }) => [source, code])).toEqual([['ikea_annotation_db_full', 'E_SQLITE_CUT']])
    expect((await clipOf(folder)).frames).toBe(5)
  })

  test.each([
    [segmentsFile([['spin legs', 0, 4]]), `annotation 0 of ${SCAN} is labelled "spin legs", which is no class`],
    [segmentsFile([['NA', 0, 4]], 'val'), `the subset of ${SCAN} is "val"; training and testing are known`],
    [segmentsFile([['NA', 4, 0]]), `annotation 0 of ${SCAN} has the segment [4,0]`],
    [segmentsFile([['NA', 0, 4], ['spin leg', 4, 6]]), `annotation 1 of ${SCAN} begins before the one before it has ended`],
    [{ results: {} }, 'there is no "database" of scans'],
  ])('segments that are none: %#', async (segments, message) => {
    const folder = withDatabase(ikeaFolder({ 'gt_segments.json': segments }), [])
    expect((await told(folder)).map((entry) => [entry.code, entry.message])).toEqual([['E_IKEA_SEGMENTS', message]])
    expect((await clipOf(folder)).frames).toBe(20)
  })

  test('or is all there is to say when there are no others', async () => {
    const folder = ikeaFolder({ ikea_annotation_db_full: 'SQLite format 3\0' })
    await expect(ikeaAsm.discover(contextOf(entry, folder))).rejects.toMatchObject({
      code: 'E_SQLITE_CUT',
      message: 'nothing of IKEA ASM can be read: ikea_annotation_db_full is cut off: its header counts 100 bytes, the file has 16 (ikea_annotation_db_full)',
    })
  })

  test('labels that are no class', async () => {
    const folder = withDatabase(ikeaFolder({ 'gt_action.npy': gtActionFile([0, 33]) }), [])
    expect((await told(folder))[0]).toMatchObject({ code: 'E_IKEA_GT_ACTION', message: 'gt_labels[0] has the label 33 at frame 1; there are 0 to 32' })
  })

  test('lists of classes that are not those of the catalog', async () => {
    const folder = withDatabase(ikeaFolder({ 'indexing_files/atomic_action_list.txt': 'pick up leg\npick up cat\n' }), [])
    expect(await told(folder)).toMatchObject([{
      source: 'indexing_files/atomic_action_list.txt', code: 'E_IKEA_LISTS',
      message: 'the 2 classes are not the 32 known ones; the first other one is "pick up cat"',
    }])
  })

  test('or their ids, where they are not those of the database', async () => {
    const names = deeds.map(nameOf).join('\n')
    const lists = (pairs: readonly (readonly number[])[]): Record<string, string> => ({
      'indexing_files/atomic_action_list.txt': names, 'indexing_files/action_object_relation_list.txt': pairs.map((pair) => pair.join(' ')).join('\n'),
    })
    expect(await told(withDatabase(ikeaFolder(lists(deeds)), []))).toEqual([])
    expect((await told(withDatabase(ikeaFolder(lists(deeds.with(1, [2, 4]))), []))).map(({ code, message }) => [code, message])).toEqual([
      ['E_IKEA_LISTS', 'line 2 is "2 4", which is not "pick up table top" by the ids of the database']])
  })
})

describe('a disk that fails', () => {
  test('stops reading: without the labels every film would be another one', async () => {
    const folder = withDatabase(ikeaFolder({ 'gt_segments.json': segmentsFile([['NA', 0, 19]]) }), [])
    const read = (path: string): Buffer => {
      if (path.endsWith('gt_segments.json')) throw Object.assign(new Error('i/o error'), { code: 'EIO' })
      return readFileSync(path)
    }
    const raw = openRawFolder(folder, { stat: (path) => statSync(path), list: (path) => readdirSync(path, { withFileTypes: true }), read })
    await expect(ikeaAsm.discover({ ...contextOf(entry, folder), raw })).rejects.toMatchObject({
      code: 'E_RAW_READ', message: 'cannot read gt_segments.json: EIO' })
    expect(await told(folder)).toEqual([])
  })
})

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0)
}

async function clipOf(folder: string): Promise<Clip> {
  const clips = (await readFilms(ikeaAsm, contextOf(entry, folder))).flatMap((film) => film.clips)
  expect(clips.map(({ id }) => id)).toEqual([`ikea-asm/${SCAN}`])
  return clips[0]!
}

/** What discovery sets aside, without the hash. */
async function told(folder: string): Promise<Pick<Quarantined, 'source' | 'code' | 'message' | 'readmit'>[]> {
  const { quarantined } = await ikeaAsm.discover(contextOf(entry, folder))
  return quarantined.map(({ source, code, message, readmit }) => ({ source, code, message, readmit }))
}

function runs({ segments }: Clip['labels']): string[] {
  return segments.filter(({ track }) => track === 'action').map(({ start, end, label }) => `${start}-${end} ${label}`)
}
