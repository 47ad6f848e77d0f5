import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED } from '../../../src/clip.ts'
import { h2o } from '../../../src/ingest/adapters/h2o.ts'
import { signalNames } from '../../../src/ingest/adapters/h2o-signals.ts'
import type { H2oTruth } from '../../../src/ingest/synthetic/h2o-truth.ts'
import { h2oTruth, writeH2oTwin } from '../../../src/ingest/synthetic/h2o-twin.ts'
import { viewH2o } from '../../../src/ingest/synthetic/h2o-view.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { shared } from '../../shared.ts'
import { contextOf, readFilms } from '../read-film.ts'

let entry: DatasetEntry
const folder = mkdtempSync(join(tmpdir(), 'posetta-h2o-'))
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'h2o')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** 42 joints: the left hand at (0.1, 0.2, 0.5) and the right one at (-0.1, 0, 1), joint j of each 0.001 j to the right. */
const hand = (left: number, right: number): string => {
  const joints = (x: number, y: number, z: number): number[] => Array.from({ length: 21 }, (_, joint) => [x + joint / 1000, y, z]).flat()
  return [left, ...joints(0.1, 0.2, 0.5), right, ...joints(-0.1, 0, 1)].join(' ')
}
const row = (count: number, first: number): string => Array.from({ length: count }, (_, at) => first + at).join(' ')

/** A sequence of two frames of cam4, and what replaces some of its files; null leaves one out. */
function sequence(change: Record<string, string | null> = {}, root = 'subject1'): string {
  const rawDir = mkdtempSync(join(folder, 'raw-'))
  const camera = `${root}/h1/0/cam4`
  const files: Record<string, string | null> = {
    'label_split/action_train.txt': 'id path action_label start_act end_act start_frame end_frame\n1 subject1/h1/0 5 1 1 0 1\n',
    'label_split/pose_train.txt': 'subject1/h1/0/cam4/rgb/000001.png\n',
    [`${camera}/cam_intrinsics.txt`]: '600 500 640 360 1280 720',
    ...Object.fromEntries([0, 1].flatMap((frame) => Object.entries({
      hand_pose: hand(1, frame), hand_pose_mano: row(124, frame), obj_pose: row(64, 5), obj_pose_rt: row(17, 5), cam_pose: row(16, frame), action_label: frame === 1 ? '5' : '0',
      verb_label: frame === 1 ? '1.0' : '0' }).map(([kind, text]) => [`${camera}/${kind}/00000${frame}.txt`, text]))),
    ...change,
  }
  for (const [path, text] of Object.entries(files)) {
    if (text === null) continue
    mkdirSync(join(rawDir, path, '..'), { recursive: true })
    writeFileSync(join(rawDir, path), text)
  }
  return rawDir
}

const readAll = async (rawDir: string): Promise<FilmRead> => (await readFilms(h2o, contextOf(entry, rawDir)))[0]!
const signal = (clip: Clip, frame: number, name: string): number => clip.signals!.values[frame * signalNames.length + clip.signals!.names.indexOf(name)]!

describe('one sequence and camera', () => {
  test('are a clip in metres and one in px, of one recording', async () => {
    const { clips, quarantined } = await readAll(sequence())
    expect(quarantined).toEqual([])
    expect(clips.map(({ id, dims, unit, source, frames, joints, group, fps }) => ({ id, dims, unit, source, frames, joints, group, fps }))).toEqual([
      { id: 'h2o/subject1/h1/0/cam4#2d', dims: 2, unit: 'px', source: 'projection', frames: 2, joints: 42, group: 'h2o/subject1/h1/0', fps: 30 },
      { id: 'h2o/subject1/h1/0/cam4#3d', dims: 3, unit: 'm', source: 'manual', frames: 2, joints: 42, group: 'h2o/subject1/h1/0', fps: 30 }])
    expect(clips[0]!.labels).toMatchObject({ subject: 'subject1', scene: 'h1', camera: 'cam4', officialSplit: 'train' })
  })

  test('have a hand where its flag says so, and its numbers as raw where not', async () => {
    const { clips: [, spatial] } = await readAll(sequence())
    expect([...spatial!.keypoints!.subarray(4, 8)].map((value) => Number(value.toFixed(6)))).toEqual([0.101, 0.2, 0.5, 1])
    expect([...spatial!.keypoints!.subarray(21 * 4, 22 * 4)]).toEqual([NaN, NaN, NaN, 0])
    expect([...spatial!.raw!.subarray(21 * 3, 22 * 3)]).toEqual([Math.fround(-0.1), 0, 1])
    expect([spatial!.states![0], spatial!.states![21], spatial!.states![42 + 21]]).toEqual([OBSERVED, ABSENT, OBSERVED])
  })

  test('are projected: u = fx X / Z + cx, v = fy Y / Z + cy', async () => {
    const { clips: [flat] } = await readAll(sequence())
    // left wrist (0.1, 0.2, 0.5): 600 * 0.2 + 640, 500 * 0.4 + 360; right wrist (-0.1, 0, 1) in frame 1: 600 * -0.1 + 640, 360
    expect([...flat!.keypoints!.subarray(0, 3)]).toEqual([760, 560, 1])
    expect([...flat!.keypoints!.subarray((42 + 21) * 3, (42 + 22) * 3)]).toEqual([580, 360, 1])
    expect([...flat!.keypoints!.subarray(21 * 3, 22 * 3)]).toEqual([NaN, NaN, 0])
  })

  test('have MANO, object and camera as signals, by the order of the files', async () => {
    const { clips: [, spatial] } = await readAll(sequence())
    expect(spatial!.signals!.names).toHaveLength(2 + 124 + 64 + 16 + 16)
    const names = ['left_hand_flag', 'right_hand_flag', 'mano_left_flag', 'mano_left_translation_x', 'mano_left_pose_00', 'mano_left_shape_0', 'mano_right_flag', 'mano_right_pose_47',
      'mano_right_shape_9', 'object_class', 'object_point_00_x', 'object_point_20_z', 'object_pose_00', 'object_pose_15', 'camera_pose_03']
    expect(names.map((name) => signal(spatial!, 1, name))).toEqual([1, 1, 1, 2, 5, 53, 63, 114, 124, 5, 6, 68, 6, 21, 4])
  })

  test('have actions with their ends exclusive, and what the files of every frame say beside them', async () => {
    const { clips: [flat] } = await readAll(sequence())
    expect(flat!.labels.segments).toEqual([
      { track: 'action', start: 1, end: 2, label: 'grab milk', number: 5 },
      { track: 'action-frames', start: 0, end: 1, label: 'background', number: 0 }, { track: 'action-frames', start: 1, end: 2, label: 'grab milk', number: 5 },
      { track: 'object', start: 0, end: 2, label: 'milk', number: 5 },
      { track: 'pose', start: 1, end: 2, label: 'listed', number: null },
      { track: 'verb', start: 0, end: 1, label: 'background', number: 0 }, { track: 'verb', start: 1, end: 2, label: 'grab', number: 1 }])
  })

  test('lead back to every file of every frame, and to the row of the list', async () => {
    const { clips: [, spatial] } = await readAll(sequence())
    expect(spatial!.files.filter(({ role }) => role === 'annotations')).toMatchObject([{ path: 'label_split/action_train.txt', place: 'row 2', frame: null }])
    expect(spatial!.files.filter(({ path }) => path.includes('hand_pose/'))).toMatchObject([
      { path: 'subject1/h1/0/cam4/hand_pose/000000.txt', role: 'keypoints', frame: 0 }, { path: 'subject1/h1/0/cam4/hand_pose/000001.txt', role: 'keypoints', frame: 1 }])
    expect(spatial!.files).toHaveLength(1 + 1 + 7 * 2)
  })
})

describe('the archives of a subject', () => {
  test.each(['subject1_ego', 'subject1_v1_1', 'subject1_pose_v1_1/subject1'])('are read as %s, with folders in any letter case', async (root) => {
    const rawDir = sequence({}, root)
    renameSync(join(rawDir, root, 'h1/0/cam4/hand_pose_mano'), join(rawDir, root, 'h1/0/cam4/hand_pose_MANO'))
    const { clips: [, spatial] } = await readAll(rawDir)
    expect([spatial!.id, signal(spatial!, 1, 'mano_left_flag')]).toEqual(['h2o/subject1/h1/0/cam4#3d', 1])
  })

  test('are taken together when they were unpacked side by side, and refused when they differ', async () => {
    const rawDir = sequence({ 'subject1/h1/0/cam4/verb_label/000000.txt': null, 'subject1/h1/0/cam4/verb_label/000001.txt': null, 'subject1_v1_1/h1/0/cam4/verb_label/000000.txt': '4',
      'subject1_v1_1/h1/0/cam4/verb_label/000001.txt': '4' })
    const { clips: [flat] } = await readAll(rawDir)
    expect(flat!.labels.segments.filter(({ track }) => track === 'verb')).toEqual([{ track: 'verb', start: 0, end: 2, label: 'close', number: 4 }])
    cpSync(join(rawDir, 'subject1/h1/0/cam4/cam_pose'), join(rawDir, 'subject1_v1_1/h1/0/cam4/cam_pose'), { recursive: true })
    await expect(readAll(rawDir)).resolves.toBeTruthy()
    rmSync(join(rawDir, 'subject1_v1_1/h1/0/cam4/cam_pose/000001.txt'))
    await expect(readAll(rawDir)).rejects.toMatchObject({
      code: 'E_H2O_TWICE', message: 'subject1/h1/0/cam4/cam_pose and subject1_v1_1/h1/0/cam4/cam_pose are the same folder of the data set, with different files' })
  })

  test('say what is missing; no sequences at all is an error', async () => {
    const plan = await h2o.discover(contextOf(entry, sequence()))
    expect(plan).toMatchObject({ complete: false, hasFrames: false, missing: ['the list action_val.txt', 'the list pose_val.txt', 'the list action_test.txt', 'the list pose_test.txt',
      '183 of 184 sequences', 'cam0', 'cam1', 'cam2', 'cam3', 'pictures'] })
    const rawDir = mkdtempSync(join(folder, 'empty-'))
    await expect(h2o.discover(contextOf(entry, rawDir))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no sequences (subject1/h1/0/cam4/hand_pose/000000.txt, ...) in ${rawDir}` })
  })
})

describe('what does not fit', () => {
  test('a short row, a word and a missing file are set aside by file; the other frames and files live', async () => {
    const { clips: [, spatial], quarantined } = await readAll(sequence({
      'subject1/h1/0/cam4/hand_pose/000000.txt': row(127, 1), 'subject1/h1/0/cam4/cam_pose/000001.txt': `${row(15, 1)} None`, 'subject1/h1/0/cam4/obj_pose/000001.txt': null }))
    expect(quarantined.map(({ source, code, message, offset }) => [source, code, message, offset])).toEqual([
      ['subject1/h1/0/cam4/cam_pose/000001.txt', 'E_TEXT_NUMBER', '"None" at byte 36 is no number', 36],
      ['subject1/h1/0/cam4/hand_pose/000000.txt', 'E_TEXT_COUNT', '127 numbers, 128 are expected', row(127, 1).length],
      ['subject1/h1/0/cam4/obj_pose/000001.txt', 'E_H2O_MISSING', 'there is no file of frame 1', null]])
    expect(spatial!.flags).toEqual(['frame-count-mismatch', 'frames-quarantined', 'frames-without-observed-joint'])
    expect([spatial!.states![0], spatial!.states![42], signal(spatial!, 1, 'camera_pose_00'), signal(spatial!, 0, 'object_class')]).toEqual([ABSENT, OBSERVED, NaN, 5])
  })

  test('a list and the files of every frame that disagree are both kept, and reported', async () => {
    const { clips: [flat], quarantined } = await readAll(sequence({ 'subject1/h1/0/cam4/action_label/000001.txt': '7' }))
    expect(quarantined).toMatchObject([{ source: 'subject1/h1/0/cam4/action_label', code: 'E_H2O_DISAGREE',
      message: 'action_label and the action list disagree in 1 frames, first in 1: 7, listed 5' }])
    expect(flat!.flags).toEqual(['labels-disagree'])
  })

  test.each([
    ['a path that leads out', '1 ../../etc 5 1 1 0 1'], ['a row of five', '1 subject1/h1/0 5 1 1'], ['an action that ends before it begins', '1 subject1/h1/0 5 1 0 0 1'], ['a word', '1 subject1/h1/0 five 1 1 0 1'],
  ])('a list with %s is set aside, and the side is by rule', async (_, line) => {
    const text = `id path action_label start_act end_act start_frame end_frame\n${line}\n`
    const rawDir = sequence({ 'label_split/action_train.txt': text })
    const plan = await h2o.discover(contextOf(entry, rawDir))
    expect(plan.quarantined).toMatchObject([{ source: 'label_split/action_train.txt', code: 'E_H2O_LIST', message: `row 2 is ${JSON.stringify(line)}`, offset: 61 }])
    const { clips: [flat] } = await readAll(rawDir)
    expect([flat!.labels.officialSplit, flat!.flags]).toEqual(['train', ['split-by-rule']])
  })

  test('without intrinsics there is no projection', async () => {
    const { clips, quarantined } = await readAll(sequence({ 'subject1/h1/0/cam4/cam_intrinsics.txt': '600 500' }))
    expect(clips.map(({ id }) => id)).toEqual(['h2o/subject1/h1/0/cam4#3d'])
    expect(quarantined).toMatchObject([{ source: 'subject1/h1/0/cam4/cam_intrinsics.txt', message: '2 numbers, 6 are expected' }])
  })
})

describe.skipIf(shared === null)('the hand-made tree in the exact layout', () => {
  test('is read', async () => {
    const read = await readFilms(h2o, contextOf(entry, `${shared}/data/tiny-raw/h2o`))
    const [flat, spatial] = read[0]!.clips
    expect([read.length, read[0]!.quarantined, flat!.frames, flat!.calibration!.fx]).toEqual([1, [], 6, 636.6593017578125])
    // hand_pose/000000.txt begins 1.0 -0.08 0.05 0.45
    expect([...spatial!.keypoints!.subarray(0, 4)]).toEqual([...Float32Array.of(-0.08, 0.05, 0.45, 1)])
    expect(flat!.keypoints![0]).toBeCloseTo((636.6593017578125 * -0.08) / 0.45 + 635.283881879317, 3)
    expect(flat!.labels.segments.filter(({ track }) => track.startsWith('action'))).toEqual([
      { track: 'action', start: 1, end: 4, label: 'grab milk', number: 5 },
      { track: 'action-frames', start: 0, end: 1, label: 'background', number: 0 }, { track: 'action-frames', start: 1, end: 4, label: 'grab milk', number: 5 },
      { track: 'action-frames', start: 4, end: 6, label: 'background', number: 0 }])
  })
})

describe('a twin', () => {
  let truth: H2oTruth
  let films: Map<string, FilmRead>
  const rawDir = join(folder, 'twin')
  beforeAll(async () => {
    truth = h2oTruth({ sequences: 3, seed: 8, cameras: 'all', flaws: false })
    await writeH2oTwin(rawDir, truth, { frames: false })
    const context = contextOf(entry, rawDir)
    films = new Map((await Promise.all((await h2o.discover(context)).items.map(async (item) => [item.id, await h2o.read(context, item)] as const))))
  })

  test('has every sequence and camera, and nothing is set aside', () => {
    expect([...films.keys()]).toEqual(truth.sequences.flatMap(({ path }) => truth.cameras.map((camera) => `h2o/${path}/cam${camera}`)).sort())
    expect([...films.values()].flatMap(({ quarantined }) => quarantined)).toEqual([])
  })

  test('is read value by value: hands, projection, flags, object, cameras', () => {
    for (const sequence of truth.sequences) {
      for (const camera of truth.cameras) {
        const view = viewH2o(sequence, camera)
        const [flat, spatial] = films.get(`h2o/${sequence.path}/cam${camera}`)!.clips as [Clip, Clip]
        const annotated = Array.from({ length: sequence.frames * 42 }, (_, cell) => view.handFlags[Math.floor(cell / 42) * 2 + (cell % 42 < 21 ? 0 : 1)]! > 0)
        expect([...spatial.states!].map((state) => state === OBSERVED)).toEqual(annotated)
        const expected3d = Float32Array.from({ length: annotated.length * 3 }, (_, i) => (annotated[Math.floor(i / 3)] ? view.hands[i]! : NaN))
        expect(Float32Array.from({ length: expected3d.length }, (_, i) => spatial.keypoints![Math.floor(i / 3) * 4 + (i % 3)]!)).toEqual(expected3d)
        const seen = (cell: number): boolean => annotated[cell]! && view.hands[cell * 3 + 2]! > 0.05
        const pixels = Float32Array.from({ length: annotated.length * 2 }, (_, i) => flat.keypoints![Math.floor(i / 2) * 3 + (i % 2)]!)
        expect(pixels).toBeAllclose(Float32Array.from({ length: pixels.length }, (_, i) => (seen(Math.floor(i / 2)) ? view.pixels[i]! : NaN)), { atol: 1e-4 })
        for (let frame = 0; frame < sequence.frames; frame++) {
          expect([signal(spatial, frame, 'camera_pose_03'), signal(spatial, frame, 'object_class'), signal(spatial, frame, 'object_point_07_y'), signal(spatial, frame, 'object_pose_11')])
            .toEqual([...Float32Array.of(view.cameraPoses[frame * 16 + 3]!, sequence.objectClasses[frame]!, view.objectPoints[(frame * 21 + 7) * 3 + 1]!, view.objectPoses[frame * 16 + 11]!)])
        }
      }
    }
  })

  test('is read label by label: actions, verbs, the pose list, the side', () => {
    for (const sequence of truth.sequences) {
      const { labels, frames } = films.get(`h2o/${sequence.path}/cam4`)!.clips[0]!
      const perFrame = (track: string): number[] => Array.from({ length: frames }, (_, frame) =>
        labels.segments.find((segment) => segment.track === track && segment.start <= frame && frame < segment.end)?.number ?? 0)
      expect(perFrame('action-frames')).toEqual(sequence.actions)
      expect(perFrame('verb')).toEqual(sequence.verbs)
      expect(perFrame('action')).toEqual(sequence.side === 'test' ? sequence.actions.map(() => 0) : sequence.actions)
      expect(labels.segments.filter(({ track }) => track === 'pose').flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at))).toEqual(sequence.listed)
      expect(labels.officialSplit).toBe({ train: 'train', val: 'validation', test: 'test' }[sequence.side])
    }
  })
})

test('every planted flaw of a twin is found where it is, and nothing else', async () => {
  const rawDir = join(folder, 'flawed')
  const truth = h2oTruth({ sequences: 6, seed: 8, cameras: 'ego', flaws: true })
  await writeH2oTwin(rawDir, truth, { frames: false })
  const read = await readFilms(h2o, contextOf(entry, rawDir))
  const codes = { 'short-row': 'E_TEXT_COUNT', 'word-in-row': 'E_TEXT_NUMBER', 'missing-file': 'E_H2O_MISSING', 'label-disagrees': 'E_H2O_DISAGREE' } as const
  const planted = truth.flaws.flatMap(({ name, path }) => (name in codes ? [[codes[name as keyof typeof codes], path] as const] : []))
  const found = read.flatMap(({ quarantined }) => quarantined.map(({ code, source }) => [code, source] as const))
  const place = ([code, path]: readonly [string, string]): string => `${code} ${code === 'E_H2O_DISAGREE' ? path.replace(/\/\d{6}\.txt$/, '') : path}`
  expect(found.map(place).sort()).toEqual(planted.map(place).sort())
  expect(read.every(({ clips }) => clips.length === 2)).toBe(true)
  expect(readFileSync(join(rawDir, 'label_split/action_train.txt'), 'utf8')).toContain('subject1/')
})
