import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { poseJson } from '../../../src/ingest/adapters/pose-json/pose-json.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { readClips, verify } from '../../../src/store/index.ts'
import { shared } from '../../shared.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { ownEntry, ownFolder } from './own-folder.ts'

type Files = Readonly<Record<string, string | Uint8Array | object>>
const sized = 'width: 100, height: 50'
const openPose = `{ kind: pose-json, format: openpose, files: "json/{clip}/*.json", ${sized} }`
const coco = `{ kind: pose-json, format: coco, files: "{clip}.json", ${sized} }`
const perFrame = `{ kind: pose-json, format: coco, files: "{clip}/*.json", ${sized} }`

const asText = (content: Files[string]): string | Uint8Array => (typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
const folderOf = (files: Files): Promise<string> => ownFolder(Object.fromEntries(Object.entries(files).map(([path, content]) => [path, asText(content)])))

async function read(layout: string, files: Files): Promise<FilmRead[]> {
  return readFilms(poseJson, contextOf(await ownEntry('pose-json', layout), await folderOf(files)))
}

async function readOne(layout: string, files: Files): Promise<Clip> {
  const films = await read(layout, files)
  expect(films.map(({ clips, quarantined }) => [clips.length, quarantined])).toEqual([[1, []]])
  return films[0]!.clips[0]!
}

/** A frame of OpenPose with these people. */
const people = (...numbers: number[][]): object => ({ version: 1.3, people: numbers.map((pose_keypoints_2d) => ({ person_id: [-1], pose_keypoints_2d })) })

/** x, y, confidence of a person's joints in a frame. */
function jointsAt({ keypoints, persons, joints }: Clip, frame: number, person = 0): number[][] {
  return Array.from({ length: joints }, (_, joint) => [...keypoints!.subarray(((frame * persons + person) * joints + joint) * 3).subarray(0, 3)])
}

describe('OpenPose, a file per frame', () => {
  test('becomes a clip with its provenance; 0, 0, 0 is absent', async () => {
    const [first, second] = [people([1, 2, 0.5, 0, 0, 0, 3, 4, 1]), people([5, 6, 1, 7, 8, 0, 9, 10, 0.25])]
    const clip = await readOne(openPose, { 'json/a/a_000000000000_keypoints.json': first, 'json/a/a_000000000001_keypoints.json': second })
    expect(clip).toMatchObject({ id: 'mine/a', skeleton: 'stick', width: 100, height: 50, frames: 2, persons: 1, dims: 2, unit: 'px', flags: [], boxes: null })
    expect([jointsAt(clip, 0), jointsAt(clip, 1)]).toEqual([[[1, 2, 0.5], [NaN, NaN, 0], [3, 4, 1]], [[5, 6, 1], [7, 8, 0], [9, 10, 0.25]]])
    expect([[...clip.states!], [...clip.raw!.subarray(2, 4)]]).toEqual([[0, 2, 0, 0, 0, 0], [0, 0]])
    expect(clip.files).toEqual([first, second].map((content, frame) => ({
      path: `json/a/a_00000000000${frame}_keypoints.json`, bytes: JSON.stringify(content).length, sha256: sha256(JSON.stringify(content)), role: 'keypoints', frame, place: null })))
  })

  test('by the last number of its name, in any order, from frame 1', async () => {
    const clip = await readOne(openPose.replace(' }', ', firstFrame: 1 }'), { 'json/take 2/s3_10.json': people([10, 1, 1, 0, 0, 0, 0, 0, 0]), 'json/take 2/s3_9.json': people() })
    expect([clip.id, clip.frames, clip.files.map(({ frame }) => frame), clip.flags]).toEqual(['mine/take 2', 10, [8, 9], ['frame-gaps']])
    expect(jointsAt(clip, 9)[0]).toEqual([10, 1, 1])
  })

  test('with all persons, numbered as they stand in each frame, or the first', async () => {
    const files = { 'json/a/0.json': people([1, 1, 1, 1, 1, 1, 1, 1, 1], [2, 2, 1, 2, 2, 1, 2, 2, 1]), 'json/a/1.json': people([3, 3, 1, 3, 3, 1, 3, 3, 1]) }
    const [all, first] = [await readOne(openPose, files), await readOne(openPose.replace(' }', ', persons: first }'), files)]
    expect([all.persons, jointsAt(all, 0, 1)[0], jointsAt(all, 1, 1)[0], all.labels.segments, all.flags]).toEqual([2, [2, 2, 1], [NaN, NaN, 0], [], []])
    expect([first.persons, jointsAt(first, 0)[0], first.flags]).toEqual([1, [1, 1, 1], ['persons-left-out']])
  })

  test('where nobody is anywhere is a clip without observed joints', async () => {
    const clip = await readOne(openPose, { 'json/a/0.json': people(), 'json/a/1.json': { people: [{ pose_keypoints_2d: [] }] } })
    expect([clip.frames, clip.persons, clip.flags]).toEqual([2, 1, ['no-observed-joint']])
  })

  test('of several clips in one folder, with what their paths say', async () => {
    const layout = `{ kind: pose-json, format: openpose, files: "{side}/{clip}_*.json", ${sized} }`
    const one = people([1, 1, 1, 1, 1, 1, 1, 1, 1])
    const films = await read(layout, { 'train/a_0.json': one, 'train/b_0.json': one, 'test/c_0.json': one })
    expect(films.flatMap(({ clips }) => clips).map(({ id, labels }) => [id, labels.officialSplit])).toEqual([['mine/a', 'train'], ['mine/b', 'train'], ['mine/c', 'test']])
  })

  test.skipIf(shared === null)('as it lies in the tiny tree of IKEA ASM', async () => {
    const scan = 'ikea_asm/Kallax_Shelf_Drawer/0001_black_table_02_01_2019_08_16_14_00/dev3/predictions/pose2d'
    const folder = await temporaryFolder()
    cpSync(join(shared!, 'data/tiny-raw', scan, 'keypoint_rcnn_ft_all'), join(folder, 'json/scan'), { recursive: true })
    const layout = '{ kind: pose-json, format: openpose, files: "json/{clip}/*.json", width: 1920, height: 1080 }'
    const [film] = await readFilms(poseJson, contextOf(await ownEntry('pose-json', layout, [], 'coco-17'), folder))
    expect(film!.quarantined).toEqual([])
    expect(jointsAt(film!.clips[0]!, 0).slice(0, 2)).toBeAllclose([[900, 300, 0.9], [910.5, 320.25, 0.9]], { atol: 1e-6 })
  })
})

/** An annotation of a picture: A, B and C with their visibilities. */
const annotation = (image_id: number | string, keypoints: readonly number[], more: object = {}): object => ({ id: 1, image_id, category_id: 1, keypoints, ...more })

describe('COCO, a file per clip', () => {
  const images = [{ id: 70, file_name: 'a/frame_000000.jpg', width: 640, height: 480 }, { id: 71, file_name: 'a/frame_000001.jpg', width: 640, height: 480 }]

  test('becomes a clip: v = 0 absent, 1 occluded, 2 seen', async () => {
    const clip = await readOne(coco.replace(`, ${sized}`, ''), { 'a.json': { images, annotations: [annotation(70, [1, 2, 2, 3, 4, 1, 5, 6, 0], { bbox: [1, 2, 3, 4] })], categories: [{ id: 1, name: 'person' }] } })
    expect(clip).toMatchObject({ id: 'mine/a', width: 640, height: 480, frames: 2, persons: 1, flags: [], files: [{ path: 'a.json', role: 'keypoints', frame: null }] })
    expect(jointsAt(clip, 0)).toEqual([[1, 2, 1], [3, 4, 0.5], [NaN, NaN, 0]])
    expect([[...clip.states!], [...clip.raw!.subarray(4, 6)], [...clip.boxes!]]).toEqual([[0, 1, 2, 2, 2, 2], [5, 6], [1, 2, 4, 6, NaN, NaN, NaN, NaN]])
  })

  test('whose category names the joints, in an order of its own', async () => {
    const categories = [{ id: 1, keypoints: ['C', 'top'] }]
    const clip = await readOne(coco, { 'a.json': { images, annotations: [annotation(71, [1, 2, 2, 3, 4, 2])], categories } })
    expect(jointsAt(clip, 1)).toEqual([[3, 4, 1], [NaN, NaN, 0], [1, 2, 1]])
  })

  test('with tracked persons, and things that have no keypoints', async () => {
    const annotations = [annotation(70, [1, 1, 2, 1, 1, 2, 1, 1, 2], { track_id: 8 }), { id: 2, image_id: 70, category_id: 4, bbox: [1, 2, 3, 4] }, annotation(71, [2, 2, 2, 2, 2, 2, 2, 2, 2], { track_id: 7 })]
    const clip = await readOne(coco, { 'a.json': { images, annotations } })
    expect([clip.persons, jointsAt(clip, 0, 1)[0], jointsAt(clip, 1, 0)[0]]).toEqual([2, [1, 1, 1], [2, 2, 1]])
    expect(clip.labels.segments.map(({ label, start, end, number }) => [label, start, end, number])).toEqual([['8', 0, 1, 1], ['7', 1, 2, 0]])
  })

  test('as a list of results, by the number in image_id', async () => {
    const clip = await readOne(coco, { 'a.json': [{ image_id: 2, keypoints: [1, 2, 0.5, 0, 0, 0, 5, 6, 1.5], score: 0.9 }, { image_id: '0.jpg', keypoints: [3, 4, 1, 3, 4, 1, 3, 4, 1] }] })
    expect([clip.frames, jointsAt(clip, 2), clip.flags]).toEqual([3, [[1, 2, 0.5], [NaN, NaN, 0], [5, 6, 1]], ['confidence-clipped', 'frame-gaps']])
  })

  test('whose pictures are not all of one size is flagged', async () => {
    const clip = await readOne(coco.replace(`, ${sized}`, ''), { 'a.json': { images: [images[0], { ...images[1], width: 320 }], annotations: [] } })
    expect([clip.width, clip.flags]).toEqual([640, ['frame-size-mismatch', 'no-observed-joint']])
  })
})

test('COCO, a file per frame, is numbered by the names of the files', async () => {
  const frame = (x: number): object => ({ images: [{ id: 0, file_name: 'crop.jpg' }], annotations: [annotation(0, [x, 1, 2, x, 1, 2, x, 1, 2])] })
  const clip = await readOne(perFrame, { 'a/000000.json': frame(5), 'a/000001.json': frame(6), 'a/000002.json': [] })
  expect([clip.frames, jointsAt(clip, 0)[0], jointsAt(clip, 1)[0], clip.flags]).toEqual([3, [5, 1, 1], [6, 1, 1], []])
})

test('labels and segments come from tables', async () => {
  const layout = openPose.replace(' }', ', labels: { file: labels.csv }, segments: { file: segments.csv, ends: exclusive, track: phase } }')
  const clip = await readOne(layout, {
    'json/a/0.json': people(), 'labels.csv': 'clip,action,side,fps\na,jump,test,25\n', 'segments.csv': 'clip,start,end,label\na,0,1,up\n' })
  expect(clip).toMatchObject({ fps: 25, labels: { action: 'jump', officialSplit: 'test', phases: [{ start: 0, end: 1, label: 'up' }] } })
  expect(clip.files.map(({ path, place }) => [path, place])).toEqual([['json/a/0.json', null], ['labels.csv', 'line 2'], ['segments.csv', 'line 2']])
})

describe('sets a file aside, and leaves a gap, for', () => {
  const good = people([1, 1, 1, 1, 1, 1, 1, 1, 1])
  test.each([
    ['broken JSON', '{"people": [', 'E_JSON_SYNTAX', 'expected a value at byte 12, found the end of the file'],
    ['another form', [], 'E_POSE_FORMAT', 'there is no list "people", as OpenPose\'s files have it'],
    ['too few joints', people([1, 1, 1]), 'E_POSE_JOINTS', 'people[0].pose_keypoints_2d has 3 numbers; 3 joints of stick take 9'],
    ['no joints', { people: [{}] }, 'E_POSE_NUMBER', 'people[0].pose_keypoints_2d is no list of numbers'],
    ['text for a number', { people: [{ pose_keypoints_2d: [1, 'a', 1, 1, 1, 1, 1, 1, 1] }] }, 'E_POSE_NUMBER', 'people[0].pose_keypoints_2d[1] is "a", no finite number'],
    ['NaN, as Python writes it', '{"people": [{"pose_keypoints_2d": [1, 1, 1, NaN, 1, 1, 1, 1, 1]}]}', 'E_POSE_NUMBER', 'people[0].pose_keypoints_2d[3] is NaN, no finite number'],
  ])('%s', async (_, content, code, message) => {
    const [film] = await read(openPose, { 'json/a/0.json': good, 'json/a/1.json': content, 'json/a/2.json': good })
    expect(film!.clips[0]).toMatchObject({ frames: 3, flags: ['frame-gaps', 'frames-unreadable'] })
    expect(film!.quarantined).toMatchObject([{ source: 'json/a/1.json', code, message, sha256: sha256(asText(content)) }])
  })

  test.each([
    ['a name without a number', 'json/a/last.json', 'E_POSE_FRAME', '"last.json" has no number in it that says the frame'],
    ['a frame that is there already', 'json/a/00.json', 'E_CLIP_TWICE', 'frame 0 is in json/a/0.json already'],
  ])('%s', async (_, path, code, message) => {
    const [film] = await read(openPose, { 'json/a/0.json': good, [path]: good })
    expect(film!.quarantined.map((one) => [one.code, one.message.replace('json/a/00.json', 'json/a/0.json')])).toEqual([[code, message]])
    expect(film!.clips[0]!.frames).toBe(1)
  })

  test('a number before the first frame', async () => {
    const [film] = await read(openPose.replace(' }', ', firstFrame: 1 }'), { 'json/a/0.json': good, 'json/a/1.json': good })
    expect(film!.quarantined).toMatchObject([{ message: '"0.json" is frame 0, before the first frame, 1', readmit: 'where frames count from 0, the catalog says layout.firstFrame: 0' }])
  })
})

describe('refuses COCO with', () => {
  const images = [{ id: 1, file_name: '0.jpg' }]
  test.each([
    ['neither annotations nor results', { images }, 'E_POSE_FORMAT', 'there is no list "annotations", as COCO\'s files have it'],
    ['an annotation that is none', [3], 'E_POSE_FORMAT', '[0] is no object'],
    ['an annotation of no picture', { images, annotations: [annotation(2, [])] }, 'E_POSE_FORMAT', 'annotations[0].image_id is 2, and no image has that id'],
    ['too many joints', { images, annotations: [annotation(1, [1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2])] }, 'E_POSE_JOINTS', 'annotations[0].keypoints has 12 numbers; 3 joints of stick take 9'],
    ['a visibility it has not', { images, annotations: [annotation(1, [1, 1, 2, 1, 1, 0.5, 1, 1, 2])] }, 'E_POSE_NUMBER', 'annotations[0].keypoints[5] is 0.5; as visibility 0, 1 and 2 are known'],
    ['a box of three', { images, annotations: [annotation(1, [1, 1, 2, 1, 1, 2, 1, 1, 2], { bbox: [1, 2, 3] })] }, 'E_POSE_JOINTS', 'annotations[0].bbox has 3 numbers; boxes take 4'],
    ['a joint the skeleton has not', { images, annotations: [], categories: [{ id: 1, keypoints: ['A', 'D'] }] }, 'E_CLIP_JOINT', 'no joint of stick "D"'],
    ['two pictures of one frame', { images: [...images, { id: 2, file_name: 'b_00.jpg' }], annotations: [] }, 'E_CLIP_TWICE', 'frame 0 is in 0.jpg already'],
  ])('%s', async (_, content, code, message) => {
    const [film] = await read(coco, { 'a.json': content })
    expect(film).toMatchObject({ clips: [], quarantined: [{ source: 'a.json', code, message }] })
  })

  test('several pictures in one of several files', async () => {
    const [film] = await read(perFrame, { 'a/0.json': { images: [...images, { id: 2, file_name: '1.jpg' }], annotations: [] }, 'a/1.json': [] })
    expect(film!.quarantined).toMatchObject([{ source: 'a/0.json', code: 'E_POSE_FRAME', message: 'the file is about 2 pictures, and the clip has 2 files', readmit: 'a clip is one file, or a file per frame' }])
  })
})

describe('sets a clip aside', () => {
  const one = { 'json/a/0.json': people([1, 1, 1, 1, 1, 1, 1, 1, 1]) }

  test('where nothing says how large the picture is', async () => {
    const [film] = await read(openPose.replace(`, ${sized}`, ''), one)
    expect(film).toMatchObject({ clips: [], quarantined: [{ source: 'json/a/0.json#a', code: 'E_CLIP_SIZE', message: 'nothing says how large the picture is' }] })
  })

  test('whose path and label disagree', async () => {
    const layout = `{ kind: pose-json, format: openpose, files: "{side}/{clip}/*.json", ${sized}, labels: { file: l.csv } }`
    const [film] = await read(layout, { 'train/a/0.json': people(), 'l.csv': 'clip,side\na,test\n' })
    expect(film!.quarantined).toMatchObject([{ code: 'E_CLIP_VALUE', message: 'the side of the clip is "train" (the path train/a/0.json) and "test" (line 2 of l.csv)' }])
  })

  test('of which no file can be read', async () => {
    const [film] = await read(openPose, { 'json/a/0.json': '', 'json/a/1.json': '' })
    expect([film!.clips, film!.quarantined.map(({ source }) => source)]).toEqual([[], ['json/a/0.json', 'json/a/1.json']])
  })
})

test('damaged JSON ends as clips or as our own errors', async () => {
  const [folder, entry] = [await folderOf({}), await ownEntry('pose-json', coco)]
  const whole = JSON.stringify({ images: [{ id: 1, file_name: '0.jpg', width: 9, height: 9 }], annotations: [annotation(1, [1, 1, 2, 1, 1, 0, 1, 1, 1], { bbox: [1, 2, 3, 4] })], categories: [{ id: 1, keypoints: ['A', 'B', 'C'] }] })
  for (let at = 0; at < whole.length; at++) {
    for (const damage of ['9', '"', '[', 'null', '']) {
      writeFileSync(join(folder, 'a.json'), whole.slice(0, at) + damage + whole.slice(at + 1))
      const [film] = await readFilms(poseJson, contextOf(entry, folder))
      expect(film!.clips.length + film!.quarantined.length).toBeGreaterThan(0)
    }
  }
})

test('cannot start without files or without a layout', async () => {
  const folder = await folderOf({ 'readme.md': '' })
  await expect(poseJson.discover(contextOf(await ownEntry('pose-json', openPose), folder))).rejects.toMatchObject({ code: 'E_RAW_EMPTY', message: `no file matches json/{clip}/*.json in ${folder}` })
  await expect(poseJson.discover(contextOf(await ownEntry('pose-json', '{ kind: table, files: a.csv }'), folder))).rejects.toMatchObject({
    code: 'E_CATALOG_LAYOUT', message: 'data set "mine" has the adapter pose-json, and a layout of kind table' })
})

test('goes through ingest into a store and back; a new frame is read, the rest is not', async () => {
  const one = people([1, 2, 1, 3, 4, 1, 0, 0, 0])
  const [rawDir, storeDir, entry] = [await folderOf({ 'json/a/0.json': one, 'json/b/0.json': one }), await temporaryFolder(), await ownEntry('pose-json', openPose)]
  const run = () => ingest({ entry, rawDir, storeDir, jobs: 1 })
  expect(await run()).toMatchObject({ clips: 2, frames: 2, read: 2, quarantined: [], complete: true })
  writeFileSync(join(rawDir, 'json/b/1.json'), JSON.stringify(one))
  expect(await run()).toMatchObject({ clips: 2, frames: 3, read: 1 })
  const [a] = await readClips(storeDir, 'mine', undefined, { raw: true })
  expect([a]).toEqual((await read(openPose, { 'json/a/0.json': one }))[0]!.clips)
  expect((await verify(storeDir, 'mine', { deep: true })).problems).toEqual([])
})
