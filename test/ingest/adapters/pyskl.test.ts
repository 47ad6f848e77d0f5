import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip, Quarantined } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import { pyskl } from '../../../src/ingest/adapters/pyskl/pyskl.ts'
import { ingest, ingestExit } from '../../../src/ingest/ingest.ts'
import { readClips } from '../../../src/store/index.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { annotation, type Floats, pickleOf, type Python } from './pyskl-pickle.ts'

let entry: DatasetEntry
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'pyskl')
})

describe('finds the entries', () => {
  test('of the one annotation file, sorted by id, and says what else lies there', async () => {
    const file = pickleOf({ split: { train: ['b'], hard: ['a'] }, annotations: [annotation('b'), annotation('a')] })
    const folder = await rawFolder({ 'gym.pkl': file, 'notes.txt': '' })
    expect(await pyskl.discover(contextOf(entry, folder))).toEqual({
      items: [
        { id: 'pyskl/a', path: 'gym.pkl', inputs: ['gym.pkl'], facts: { index: 1 } },
        { id: 'pyskl/b', path: 'gym.pkl', inputs: ['gym.pkl'], facts: { index: 0 } },
      ],
      hasFrames: false, complete: false, missing: ['a split for 1 of 2 annotations: a'], ignored: ['gym.pkl#split[hard]', 'notes.txt'], quarantined: [],
    })
  })

  test('of a list without splits, by filename too', async () => {
    const { filename: _, ...older } = annotation('b') as Record<string, Python>
    const { frame_dir: name, ...rest } = older
    const { items, missing } = await pyskl.discover(contextOf(entry, await rawFolder({ 'a.pkl': pickleOf([{ ...rest, filename: name! }]) })))
    expect([items.map(({ id }) => id), missing]).toEqual([['pyskl/b'], ['splits']])
  })

  test('whose names hold a #, which an id has for the source', async () => {
    const { items } = await pyskl.discover(contextOf(entry, await rawFolder({ 'a.pkl': pickleOf([annotation('#20_Rhythm_100%')]) })))
    expect(items[0]!.id).toBe('pyskl/%2320_Rhythm_100%25')
  })

  test('and sets aside those without a name of their own', async () => {
    const bytes = pickleOf([annotation('a'), annotation('a'), { label: 3 }, 7])
    const { items, quarantined } = await pyskl.discover(contextOf(entry, await rawFolder({ 'a.pkl': bytes })))
    expect(items.map(({ facts }) => facts.index)).toEqual([0])
    const common = { code: 'E_PYSKL_NAME', offset: null, sha256: sha256(bytes), readmit: 'give every entry a name of its own' }
    expect(quarantined).toEqual([
      { ...common, source: 'a.pkl#annotations[1]', message: '"a" is annotations[0] already' },
      { ...common, source: 'a.pkl#annotations[2]', message: 'the entry has no "frame_dir"' },
      { ...common, source: 'a.pkl#annotations[3]', message: 'the entry has no "frame_dir"' },
    ])
  })

  test('or refuses a folder without an annotation file, or with several', async () => {
    const folder = await rawFolder({ 'readme.txt': '' })
    await expect(pyskl.discover(contextOf(entry, folder))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no annotation file (ntu60_hrnet.pkl, ...) in ${folder}` })
    const two = await rawFolder({ 'a.pkl': '', 'b.pkl': '' })
    await expect(pyskl.discover(contextOf(entry, two))).rejects.toMatchObject({
      code: 'E_PYSKL_SEVERAL', message: `2 annotation files in ${two}: a.pkl, b.pkl`, hint: 'one data set is one file: give each a folder of its own' })
  })

  test.each([
    ['a number', 7, 'a.pkl: neither a dict with the list "annotations" nor a list of them'],
    ['a dict of something else', { a: [] }, 'a.pkl: neither a dict with the list "annotations" nor a list of them'],
    ['splits that are none', { split: [], annotations: [] }, 'a.pkl: "split" is no dict of lists of names'],
    ['a split of numbers', { split: { train: [1] }, annotations: [] }, 'a.pkl: the split "train" is no list of names'],
  ])('or refuses %s', async (_, value, message) => {
    const folder = await rawFolder({ 'a.pkl': pickleOf(value) })
    await expect(pyskl.discover(contextOf(entry, folder))).rejects.toMatchObject({ code: 'E_PYSKL_FILE', message })
  })
})

test('a pickle that is cut off is refused with its name and the byte', async () => {
  const folder = await rawFolder({ 'a.pkl': Uint8Array.of(0x80, 3, 0x5d) })
  await expect(pyskl.discover(contextOf(entry, folder))).rejects.toMatchObject({
    code: 'E_PICKLE_SHORT', message: 'a.pkl: the pickle ends at byte 3 without a STOP' })
})

test('an entry of one\'s own, with a skeleton of one\'s own, is enough for another file', async () => {
  const folder = await rawFolder({
    'mine.yaml': 'skeletons: { rod: { note: null, joints: { top: a, end: b }, edges: [[top, end]], pairs: [] } }\n'
      + 'datasets: [{ name: rods, title: Rods, adapter: pyskl, skeleton: coco-17, otherSkeletons: [rod], source: hrnet, fps: 25,\n'
      + '  classes: { action: [fall] } }]\n',
    'raw/rods.pkl': pickleOf([annotation('a', { keypoint: { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] }, keypoint_score: null, label: 0, total_frames: 1 })]),
  })
  const own = entryOf(await readCatalog([join(folder, 'mine.yaml')]), 'rods')
  const [film] = await readFilms(pyskl, contextOf(own, join(folder, 'raw')))
  expect(film!.clips[0]).toMatchObject({ id: 'rods/a', skeleton: 'rod', joints: 2, fps: 25, source: 'hrnet', labels: { action: 'fall' } })
})

describe('reads an entry', () => {
  test('as a clip with its provenance', async () => {
    const bytes = pickleOf({ split: { xsub_train: ['b'], xsub_val: ['a'] }, annotations: [annotation('b'), annotation('a')] })
    const [clip] = await clipsOf(bytes)
    expect(clip).toMatchObject({
      id: 'pyskl/a', dataset: 'pyskl', group: 'pyskl/a', skeleton: 'coco-17', fps: null, width: 320, height: 240, frames: 3, persons: 1,
      joints: 17, dims: 2, unit: 'px', boxes: null, signals: null, calibration: null, flags: [],
      labels: {
        action: 'class 3', officialSplit: 'test', sides: { xsub: 'test' }, view: null, subject: null, scene: null, camera: null, phases: null,
        segments: [{ track: 'action', start: 0, end: 3, label: 'class 3', number: 3 }],
      },
      files: [{ path: 'a.pkl', bytes: bytes.length, sha256: sha256(bytes), role: 'annotations', frame: null, place: 'annotations[1]' }],
    })
    expect([...clip!.keypoints!.subarray(0, 6)]).toEqual([1, 2, 0.5, 11, 2, 0.5])
    expect([...clip!.keypoints!.subarray(51, 54)]).toEqual([1, 7, 0.5])
  })

  test('person by person within a frame: [M, T, V, C] becomes [T, M, J, C + 1]', async () => {
    const { keypoint, keypoint_score: score } = people([2, 2])
    const [clip] = await clipsOf(pickleOf([annotation('a', { keypoint, keypoint_score: score, total_frames: 2 })]))
    expect(clip).toMatchObject({ frames: 2, persons: 2 })
    expect([0, 1, 2, 3].map((row) => clip!.keypoints![row * 51])).toEqual([100, 200, 101, 201])
  })

  test('whose joints at the origin were padded there: absent, raw kept', async () => {
    const { keypoint, keypoint_score: score } = people([2, 2], (person, frame) => (person === 1 && frame === 1 ? 0 : 1))
    const [clip] = await clipsOf(pickleOf([annotation('a', { keypoint, keypoint_score: score, total_frames: 2 })]))
    expect([0, 1, 2, 3].map((row) => clip!.states![row * 17])).toEqual([0, 0, 0, 2])
    expect([...clip!.keypoints!.subarray(3 * 51, 3 * 51 + 3)]).toEqual([NaN, NaN, 0])
    expect([...clip!.raw!.subarray(3 * 34, 3 * 34 + 2)]).toEqual([0, 0])
  })

  test('in three dimensions without scores, in the device\'s own axes', async () => {
    const values = Array.from({ length: 75 }, (_, at) => [0.5, 0.25, 3][at % 3]!)
    const changes = { keypoint: { shape: [1, 1, 25, 3], values }, keypoint_score: null, img_shape: null, original_shape: null, total_frames: 1 }
    const [clip] = await clipsOf(pickleOf([annotation('a', changes)]))
    expect(clip).toMatchObject({ skeleton: 'ntu-25', joints: 25, dims: 3, unit: 'm', width: 0, height: 0, flags: ['image-size-unknown', 'y-up'] })
    expect([...clip!.keypoints!.subarray(0, 4)]).toEqual([0.5, 0.25, 3, 1])
  })

  test('named after a sequence of NTU RGB+D: with its place, its three cameras one recording', async () => {
    const [clip] = await clipsOf(pickleOf([annotation('S001C002P003R002A013')]))
    expect(clip).toMatchObject({ group: 'pyskl/S001P003R002A013', labels: { view: 'R002', subject: 'P003', scene: 'S001', camera: 'C002' } })
  })

  test('with the catalog\'s name of its class', async () => {
    const named = { ...entry, classes: { action: ['a', 'b', 'c', 'drink water'] } }
    const [film] = await readFilms(pyskl, contextOf(named, await rawFolder({ 'a.pkl': pickleOf([annotation('a')]) })))
    expect(film!.clips[0]!.labels.action).toBe('drink water')
  })

  test.each([
    ['no label', { label: null }, { action: null, segments: [] }],
    ['a label below 0, which is none', { label: -1 }, { action: null, segments: [] }],
  ])('with %s', async (_, changes, labels) => {
    const [clip] = await clipsOf(pickleOf([annotation('a', changes)]))
    expect(clip!.labels).toMatchObject(labels)
  })

  test.each([
    ['the size of the original image where it has no other', { img_shape: null, original_shape: [480, 640] }, [640, 480], []],
    ['its own size where the original had another', { original_shape: [480, 640] }, [320, 240], ['original-size-differs']],
    ['no size', { img_shape: null, original_shape: null }, [0, 0], ['image-size-unknown']],
    ['another number of frames than it says', { total_frames: 9 }, [320, 240], ['frame-count-mismatch']],
    ['scores above 1, cut off there', { keypoint_score: { shape: [1, 3, 17], values: Array<number>(51).fill(1.25) } }, [320, 240], ['scores-beyond-one']],
    ['nobody', { keypoint: { shape: [0, 3, 17, 2], values: [] }, keypoint_score: { shape: [0, 3, 17], values: [] } }, [320, 240], ['no-observed-joint']],
  ])('with %s', async (_, changes, size, flags) => {
    const [clip] = await clipsOf(pickleOf([annotation('a', changes)]))
    expect([[clip!.width, clip!.height], clip!.flags, clip!.persons]).toEqual([size, flags, 1])
    expect(Math.max(...clip!.keypoints!.filter((_, at) => at % 3 === 2))).toBeLessThanOrEqual(1)
  })

  test('with joints that are not finite: absent', async () => {
    const values = Array.from({ length: 34 }, (_, at) => (at === 0 ? NaN : 5))
    const keypoint = { shape: [1, 1, 17, 2], values }
    const [clip] = await clipsOf(pickleOf([annotation('a', { keypoint, keypoint_score: null, total_frames: 1 })]))
    expect([...clip!.states!.subarray(0, 2)]).toEqual([2, 0])
    expect([...clip!.raw!.subarray(0, 3)]).toEqual([NaN, 5, 5])
    expect(clip!.flags).toEqual(['joints-not-finite'])
  })
})

describe('sets an entry aside', () => {
  test.each<[string, Record<string, Python>, string, string]>([
    ['without keypoints', { keypoint: null }, 'E_PYSKL_ENTRY', 'no "keypoint"'],
    ['with a word for keypoints', { keypoint: 'none' }, 'E_PYSKL_ENTRY', '"keypoint" is no array of numbers'],
    ['with keypoints of one person alone', { keypoint: { shape: [3, 17, 2], values: Array<number>(102).fill(1) } }, 'E_PYSKL_ENTRY',
      '"keypoint" has the shape (3, 17, 2), persons, frames, joints and 2 or 3 coordinates are expected'],
    ['with scores of other frames', { keypoint_score: { shape: [1, 2, 17], values: Array<number>(34).fill(1) } }, 'E_PYSKL_ENTRY',
      '"keypoint_score" has the shape (1, 2, 17), its keypoints ask for (1, 3, 17)'],
    ['with a size that is none', { img_shape: [240] }, 'E_PYSKL_ENTRY', '"img_shape" is not the height and the width of an image'],
    ['with a label in words', { label: 'jump' }, 'E_PYSKL_ENTRY', '"label" is no whole number'],
    ['of more frames than memory is meant for', { keypoint: { shape: [0, 200_001, 17, 2], values: [] }, keypoint_score: null }, 'E_PYSKL_LARGE',
      '200001 frames of 0 persons are 200001 rows, at most 200000 are read'],
    ['of joints that no skeleton has', { keypoint: { shape: [1, 1, 18, 2], values: Array<number>(36).fill(1) }, keypoint_score: null }, 'E_PYSKL_JOINTS',
      '18 joints; the data set\'s skeletons have others: coco-17 (17), ntu-25 (25)'],
    ['of Kinetics-400, whose keypoints lie elsewhere', { keypoint: null, frame_inds: { shape: [1], values: [0] }, raw_file: 'kpfiles/12.pkl' },
      'E_PYSKL_KPFILE', 'the entry has no keypoints: they are in "kpfiles/12.pkl", one of the kpfiles of Kinetics-400, which are not read'],
  ])('%s', async (_, changes, code, message) => {
    const bytes = pickleOf([annotation('a', changes)])
    expect(await quarantinedOf(bytes)).toMatchObject([{ source: 'a.pkl#annotations[0]', code, message, offset: null, sha256: sha256(bytes) }])
  })

  test('when the file changes under it', async () => {
    const folder = await rawFolder({ 'a.pkl': pickleOf([annotation('a')]) })
    const context = contextOf(entry, folder)
    const { items } = await pyskl.discover(context)
    writeFileSync(join(folder, 'a.pkl'), pickleOf([annotation('another')]))
    expect((await pyskl.read(context, items[0]!)).quarantined).toMatchObject([{
      code: 'E_PYSKL_CHANGED', message: 'the file changed while it was read: annotations[0] is not pyskl/a' }])
  })
})

test('the file is read once for all of its entries', async () => {
  const context = contextOf(entry, await rawFolder({ 'a.pkl': pickleOf([annotation('a'), annotation('b'), annotation('c')]) }))
  let reads = 0
  const raw = { ...context.raw, read: (...args: Parameters<typeof context.raw.read>) => (reads++, context.raw.read(...args)) }
  expect(await readFilms(pyskl, { ...context, raw })).toHaveLength(3)
  expect(reads).toBe(1)
})

test('entries go into a store and come back, those that cannot be read set aside', async () => {
  const storeDir = await temporaryFolder()
  const split = { train1: ['a', 'x'], test1: ['c'], train2: ['c'], test2: ['a'] }
  const bytes = pickleOf({ split, annotations: [annotation('c'), annotation('a'), annotation('b', { label: 'no' })] })
  const rawDir = await rawFolder({ 'a.pkl': bytes })
  const result = await ingest({ entry, rawDir, storeDir, jobs: 1 })
  expect(result).toMatchObject({ clips: 2, frames: 6, missing: ['annotations of 1 clips of train1: x', 'a split for 1 of 3 annotations: b'],
    quarantined: [{ source: 'a.pkl#annotations[2]', code: 'E_PYSKL_ENTRY', message: '"label" is no whole number' }] })
  expect(ingestExit(result)).toBe(3)
  const read = (await readFilms(pyskl, contextOf(entry, rawDir))).flatMap(({ clips }) => clips)
  expect(await readClips(storeDir, 'pyskl', undefined, { raw: true })).toEqual(read)
  expect(read.map(({ labels }) => labels.sides)).toEqual([{ 'split-1': 'train', 'split-2': 'test' }, { 'split-1': 'test', 'split-2': 'train' }])
})

test.skipIf(shared === null).each([2, 3, 4, 5])('the tiny file of protocol %i goes into a store and comes back', async (protocol) => {
  const [rawDir, storeDir] = [await temporaryFolder(), await temporaryFolder()]
  copyFileSync(`${shared}/data/tiny-raw/pyskl/tiny_proto${protocol}.pkl`, join(rawDir, 'tiny.pkl'))
  expect(await ingest({ entry, rawDir, storeDir, jobs: 1 })).toMatchObject({ clips: 2, frames: 10, missing: [], ignored: [], quarantined: [] })
  const [flat, deep] = await readClips(storeDir, 'pyskl')
  expect(flat).toMatchObject({ id: 'pyskl/S001C001P001R001A001', frames: 7, persons: 1, skeleton: 'coco-17', width: 1920, height: 1080,
    labels: { action: 'class 0', officialSplit: 'train', sides: { xsub: 'train' } } })
  expect(deep).toMatchObject({ id: 'pyskl/b', frames: 3, persons: 2, skeleton: 'ntu-25', dims: 3,
    labels: { action: 'class 3', officialSplit: 'test', sides: { xsub: 'test' } } })
})

const python = pythonWith('numpy')
test.skipIf(shared === null || python === null)('the tiny files have the numbers that numpy reads', async () => {
  for (const protocol of [2, 5]) {
    const bytes = readFileSync(`${shared}/data/tiny-raw/pyskl/tiny_proto${protocol}.pkl`)
    const [flat, deep] = await clipsOf(bytes)
    const read = JSON.parse(runPython(python!, [
      'import json, pickle, sys, numpy as np',
      'a, b = pickle.loads(sys.stdin.buffer.read())["annotations"]',
      'flat = np.concatenate([a["keypoint"].astype("f4"), a["keypoint_score"].astype("f4")[..., None]], axis=-1)',
      'deep = np.concatenate([b["keypoint"], np.ones((2, 3, 25, 1), "f4")], axis=-1)',
      'print(json.dumps([x.transpose(1, 0, 2, 3).ravel().tolist() for x in (flat, deep)]))',
    ].join('\n'), bytes)) as [number[], number[]]
    expect([[...flat!.keypoints!], [...deep!.keypoints!]]).toEqual(read)
  }
})

type Factor = (person: number, frame: number) => number

/** One joint at (100 (person + 1) + frame, 1), times `factor`, and 16 like it. */
function people([persons, frames]: readonly [number, number], factor: Factor = () => 1): Record<'keypoint' | 'keypoint_score', Floats> {
  const cells = Array.from({ length: persons * frames * 17 }, (_, cell) => Math.floor(cell / 17))
    .map((row) => [Math.floor(row / frames), row % frames] as const)
  const values = cells.flatMap(([person, frame]) => [100 * (person + 1) + frame, 1].map((value) => value * factor(person, frame)))
  return { keypoint: { shape: [persons, frames, 17, 2], values }, keypoint_score: { shape: [persons, frames, 17], values: cells.map(() => 1) } }
}

async function rawFolder(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

async function clipsOf(bytes: Uint8Array): Promise<Clip[]> {
  const films = await readFilms(pyskl, contextOf(entry, await rawFolder({ 'a.pkl': bytes })))
  expect(films.flatMap(({ quarantined }) => quarantined)).toEqual([])
  return films.flatMap(({ clips }) => clips)
}

async function quarantinedOf(bytes: Uint8Array): Promise<readonly Quarantined[]> {
  const [film] = await readFilms(pyskl, contextOf(entry, await rawFolder({ 'a.pkl': bytes })))
  expect(film!.clips).toEqual([])
  return film!.quarantined
}
