import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED, type Quarantined } from '../../../src/clip.ts'
import type { FilmRead, FramesMode } from '../../../src/ingest/adapter.ts'
import { h2o } from '../../../src/ingest/adapters/h2o/h2o.ts'
import { h2oSequences } from '../../../src/ingest/synthetic/h2o/h2o-sequences.ts'
import { shared } from '../../shared.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { handsText, HEADER, jpegOf, row, writeSequence } from './h2o-folder.ts'

let entry: DatasetEntry
const folder = mkdtempSync(join(tmpdir(), 'posetta-h2o-'))
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'h2o')
})
afterAll(() => rmSync(folder, { recursive: true }))

const sequence = (change: Record<string, string | null> = {}, root = 'subject1'): string => writeSequence(folder, change, root)
const readAll = async (rawDir: string, frames: FramesMode = 'reference'): Promise<FilmRead> => (await readFilms(h2o, contextOf(entry, rawDir, { frames })))[0]!
const signal = ({ signals }: Clip, frame: number, name: string): number => signals!.values[frame * signals!.names.length + signals!.names.indexOf(name)]!
const about = ({ source, code, message, offset }: Quarantined): unknown[] => [source, code, message, offset]
const cam4 = 'subject1/h1/0/cam4'

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
    const names = ['left_hand_flag', 'right_hand_flag', 'mano_left_flag', 'mano_left_translation_x', 'mano_left_pose_00', 'mano_left_shape_0',
      'mano_right_flag', 'mano_right_pose_47',
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

  test('lead back to every file of every frame, and to the rows of the lists', async () => {
    const { clips: [flat, spatial] } = await readAll(sequence())
    expect(spatial!.files.filter(({ role }) => role === 'annotations')).toMatchObject([
      { path: 'label_split/action_train.txt', place: 'row 2', frame: null }, { path: 'label_split/pose_train.txt', place: 'row 1', frame: null }])
    expect(spatial!.files.filter(({ path }) => path.includes('hand_pose/'))).toMatchObject([
      { path: `${cam4}/hand_pose/000000.txt`, role: 'keypoints', frame: 0, place: null },
      { path: `${cam4}/hand_pose/000001.txt`, role: 'keypoints', frame: 1, place: null }])
    expect(spatial!.files).toHaveLength(2 + 1 + 7 * 2)
    expect(new Set(flat!.files.map(({ path, role }) => `${role} ${path.split('/').at(-2)}`))).toEqual(
      new Set(['camera cam4', 'annotations label_split', 'label action_label', 'label verb_label', 'keypoints obj_pose', 'keypoints hand_pose']))
  })

  test('know their camera, which moves', async () => {
    const { clips } = await readAll(sequence())
    for (const clip of clips) {
      expect(clip).toMatchObject({
        width: 1280, height: 720, calibration: { fx: 600, fy: 500, cx: 640, cy: 360, width: 1280, height: 720, distortion: [], rotation: null,
          translation: null, unit: null } })
    }
  })
})

describe('the archives of a subject', () => {
  test.each(['subject1_ego', 'subject1_v1_1', 'subject1_pose_v1_1/subject1'])('are read as %s, with folders in any letter case', async (root) => {
    const rawDir = sequence({}, root)
    renameSync(join(rawDir, root, 'h1/0/cam4/hand_pose_mano'), join(rawDir, root, 'h1/0/cam4/hand_pose_MANO'))
    const { clips: [, spatial] } = await readAll(rawDir)
    expect([spatial!.id, signal(spatial!, 1, 'mano_left_flag')]).toEqual(['h2o/subject1/h1/0/cam4#3d', 1])
  })

  test('may call the object\'s pose object_pose_RT', async () => {
    const rawDir = sequence()
    renameSync(join(rawDir, cam4, 'obj_pose_rt'), join(rawDir, cam4, 'object_pose_RT'))
    const { clips: [, spatial], quarantined } = await readAll(rawDir)
    expect([quarantined, signal(spatial!, 1, 'object_pose_00')]).toEqual([[], 6])
  })

  test('are taken together, folder by folder, when they were unpacked side by side', async () => {
    const rawDir = sequence({ [`${cam4}/verb_label/000000.txt`]: null, [`${cam4}/verb_label/000001.txt`]: null,
      'subject1_pose_v1_1/subject1/h1/0/cam4/verb_label/000000.txt': '4',
      'subject1_pose_v1_1/subject1/h1/0/cam4/verb_label/000001.txt': '4' })
    cpSync(join(rawDir, cam4, 'cam_pose'), join(rawDir, 'subject1_pose_v1_1/subject1/h1/0/cam4/cam_pose'), { recursive: true })
    const { clips: [flat], quarantined } = await readAll(rawDir)
    expect(flat!.labels.segments.filter(({ track }) => track === 'verb')).toEqual([{ track: 'verb', start: 0, end: 2, label: 'close', number: 4 }])
    expect(quarantined).toEqual([])
  })

  test('that have a folder twice, with other files, lose it until one is removed; the film lives', async () => {
    const rawDir = sequence({ 'subject1_v1_1/h1/0/cam4/cam_pose/000000.txt': row(16, 9) })
    const { clips: [, spatial], quarantined } = await readAll(rawDir)
    expect(quarantined.map(about)).toEqual([['subject1_v1_1/h1/0/cam4/cam_pose', 'E_H2O_TWICE',
      'subject1/h1/0/cam4/cam_pose and subject1_v1_1/h1/0/cam4/cam_pose are the same folder of the data set, with files of different names; neither is read',
      null]])
    expect([spatial!.flags, signal(spatial!, 0, 'camera_pose_00'), signal(spatial!, 0, 'left_hand_flag')]).toEqual([['frames-quarantined'], NaN, 1])
    rmSync(join(rawDir, 'subject1_v1_1'), { recursive: true })
    expect((await readAll(rawDir)).quarantined).toEqual([])
  })

  test('are found by the camera\'s folder, and are read again when one of its folders has changed', async () => {
    const { items: [item] } = await h2o.discover(contextOf(entry, sequence({ [`${cam4}/rgb256/000000.jpg`]: 'a picture' })))
    expect(item).toMatchObject({ id: 'h2o/subject1/h1/0/cam4', path: cam4, inputs: [
      `${cam4}/action_label`, `${cam4}/cam_intrinsics.txt`, `${cam4}/cam_pose`, `${cam4}/hand_pose`, `${cam4}/hand_pose_mano`, `${cam4}/obj_pose`,
      `${cam4}/obj_pose_rt`,
      `${cam4}/rgb256`, `${cam4}/verb_label`] })
  })

  test('may hold files that are none of the data set\'s: they are named', async () => {
    const plan = await h2o.discover(contextOf(entry, sequence({
      'subject1_v1_1.tar.gz': '', 'notes/today.txt': '', [`${cam4}/constructor/000000.txt`]: '', [`${cam4}/depth/000000.png`]: '', 'object/book/book.obj': '',
      [`${cam4}/._cam_pose`]: '' })))
    expect(plan.ignored).toEqual(['notes', `${cam4}/constructor`, 'subject1_v1_1.tar.gz'])
  })

  test('say what is missing', async () => {
    expect(await h2o.discover(contextOf(entry, sequence()))).toMatchObject({ complete: false, hasFrames: false, missing: [
      'the list action_val.txt', 'the list pose_val.txt', 'the list action_test.txt', 'the list pose_test.txt', '183 of 184 sequences', 'cam0', 'cam1', 'cam2',
      'cam3', 'pictures'] })
    const rawDir = sequence({ 'subject1/h1/1/cam4/cam_pose/000000.txt': row(16, 0), 'subject1/h1/1/cam0/cam_pose/000000.txt': row(16, 0) })
    expect((await h2o.discover(contextOf(entry, rawDir))).missing.slice(4)).toEqual([
      '182 of 184 sequences', 'cam0 of 1 of 2 sequences', 'cam1', 'cam2', 'cam3', 'hand_pose of 2 of 3 films', 'hand_pose_mano of 2 of 3 films',
      'obj_pose of 2 of 3 films',
      'obj_pose_rt of 2 of 3 films', 'action_label of 1 of 2 films', 'verb_label of 1 of 2 films', 'cam_intrinsics.txt of 2 of 3 films', 'pictures'])
  })

  test('are whole with all lists and 184 sequences of cam4, and not with 183 or a twin\'s', async () => {
    const files: Record<string, string> = {}
    for (const { path, side } of h2oSequences) {
      const [actions, poses] = [`label_split/action_${side}.txt`, `label_split/pose_${side}.txt`]
      files[`${path}/cam4/verb_label/000000.txt`] = '1'
      files[actions] = `${files[actions] ?? HEADER}1 ${path} 5 0 0 0 0\n`
      files[poses] = `${files[poses] ?? ''}${path}/cam4/rgb/000000.png\n`
    }
    const rawDir = sequence(files)
    expect(await h2o.discover(contextOf(entry, rawDir))).toMatchObject({ complete: true, quarantined: [] })
    writeFileSync(join(rawDir, 'posetta-twin.json'), '{}')
    expect((await h2o.discover(contextOf(entry, rawDir))).complete).toBe(false)
    rmSync(join(rawDir, 'posetta-twin.json'))
    rmSync(join(rawDir, 'subject4/o1/7'), { recursive: true })
    expect(await h2o.discover(contextOf(entry, rawDir))).toMatchObject({ complete: false })
  })

  test('without a single sequence are an error', async () => {
    const rawDir = mkdtempSync(join(folder, 'empty-'))
    mkdirSync(join(rawDir, 'subject1'))
    await expect(h2o.discover(contextOf(entry, rawDir))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no sequences (subject1/h1/0/cam4/hand_pose/000000.txt, ...) in ${rawDir}` })
  })
})

describe('what does not fit', () => {
  test('a short row, a word and a missing file are set aside by file; the other frames and files live', async () => {
    const { clips: [flat, spatial], quarantined } = await readAll(sequence({
      [`${cam4}/hand_pose/000000.txt`]: row(127, 1), [`${cam4}/cam_pose/000001.txt`]: `${row(15, 1)} None`, [`${cam4}/obj_pose/000001.txt`]: null }))
    expect(quarantined.map(about)).toEqual([
      [`${cam4}/cam_pose/000001.txt`, 'E_TEXT_NUMBER', '"None" at byte 36 is no number', 36],
      [`${cam4}/hand_pose/000000.txt`, 'E_TEXT_COUNT', '127 numbers, 128 are expected', row(127, 1).length],
      [`${cam4}/obj_pose/000001.txt`, 'E_H2O_MISSING', 'there is no file of frame 1', null]])
    expect(spatial!.flags).toEqual(['frame-count-mismatch', 'frames-quarantined', 'frames-without-observed-joint'])
    expect([spatial!.states![0], spatial!.states![42], signal(spatial!, 1, 'camera_pose_00'), signal(spatial!, 0, 'object_class')])
      .toEqual([ABSENT, OBSERVED, NaN, 5])
    expect([spatial!.files.length, flat!.labels.segments.find(({ track }) => track === 'object')]).toEqual(
      [2 + 1 + 7 * 2 - 3, { track: 'object', start: 0, end: 1, label: 'milk', number: 5 }])
  })

  test('as many frames as the list says: files beyond it are left, missing ones named by the run', async () => {
    const longer = { 'label_split/action_train.txt': `${HEADER}1 subject1/h1/0 5 1 1 0 4\n` }
    const { clips: [flat], quarantined } = await readAll(sequence({ ...longer, [`${cam4}/verb_label/000003.txt`]: '0' }))
    expect([flat!.frames, flat!.flags]).toEqual([5, ['frame-count-mismatch', 'frames-quarantined', 'frames-without-observed-joint']])
    expect(quarantined.slice(-3).map(({ source, message }) => [source, message])).toEqual([
      [`${cam4}/action_label/000002.txt`, 'there is no file of frames 2 to 4'],
      [`${cam4}/verb_label/000002.txt`, 'there is no file of frame 2'], [`${cam4}/verb_label/000004.txt`, 'there is no file of frame 4']])
    const [short] = (await readAll(sequence({ [`${cam4}/verb_label/000002.txt`]: '0' }))).clips
    expect([short!.frames, short!.flags]).toEqual([2, ['frame-count-mismatch']])
  })

  test('a class that there is not, and half of one', async () => {
    const { quarantined, clips: [flat] } = await readAll(sequence({ [`${cam4}/action_label/000000.txt`]: '37', [`${cam4}/verb_label/000000.txt`]: '3.5',
      [`${cam4}/obj_pose/000000.txt`]: row(64, -1) }))
    expect(quarantined.map(about)).toEqual([
      [`${cam4}/obj_pose/000000.txt`, 'E_H2O_CLASS', '-1 is no object; there are 0 to 8', 0],
      [`${cam4}/action_label/000000.txt`, 'E_H2O_CLASS', '37 is no action; there are 0 to 36', 0],
      [`${cam4}/verb_label/000000.txt`, 'E_H2O_CLASS', '3.5 is no verb; there are 0 to 11', 0]])
    expect(flat!.labels.segments.filter(({ start }) => start === 0)).toEqual([])
  })

  test('a joint nearer than 5 cm, beyond the image, or at a distance that no float holds', async () => {
    const hands = handsText(1, 1).split(' ')
    // right wrist, its next joint, and the one after it
    hands.splice(65, 9, '0.1', '0', '0.05', '-2', '0', '1', '1e39', '0', '1')
    const { clips: [flat, spatial] } = await readAll(sequence({ [`${cam4}/hand_pose/000001.txt`]: hands.join(' ') }))
    const cell = 42 + 21
    expect([...flat!.states!.subarray(cell, cell + 3), ...spatial!.states!.subarray(cell, cell + 3)])
      .toEqual([ABSENT, OBSERVED, ABSENT, OBSERVED, OBSERVED, ABSENT])
    expect([...flat!.keypoints!.subarray(cell * 3, cell * 3 + 6)]).toEqual([NaN, NaN, 0, 600 * -2 + 640, 360, 1])
    expect([flat!.flags, spatial!.flags]).toEqual([['joints-outside-image'], []])
  })

  test('a list and the files of every frame that disagree are both kept, and reported', async () => {
    const { clips: [flat], quarantined } = await readAll(sequence({ [`${cam4}/action_label/000001.txt`]: '7' }))
    expect(quarantined.map(about)).toEqual([[`${cam4}/action_label`, 'E_H2O_DISAGREE',
      'subject1/h1/0: action_label and the action list disagree in frame 1: 7, listed 5', null]])
    expect([flat!.flags, flat!.labels.segments.slice(0, 3).map(({ number }) => number)]).toEqual([['labels-disagree'], [5, 0, 7]])
    const both = await readAll(sequence({ [`${cam4}/action_label/000000.txt`]: '7', [`${cam4}/action_label/000001.txt`]: '7' }))
    expect(both.quarantined[0]!.message).toBe('subject1/h1/0: action_label and the action list disagree in 2 frames, first in 0: 7, listed 0')
  })

  test.each([
    ['two numbers', '600 500', 'E_TEXT_COUNT', '2 numbers, 6 are expected'],
    ['no focal length', '0 500 640 360 1280 720', 'E_H2O_CAMERA', 'fx 0, fy 500, width 1280, height 720: no camera has these'],
    ['half a pixel', '600 500 640 360 1280 720.5', 'E_H2O_CAMERA', 'fx 600, fy 500, width 1280, height 720.5: no camera has these'],
    ['no file', null, 'E_H2O_MISSING', 'there is no file of the camera'],
  ])('intrinsics with %s: there is no projection', async (_, text, code, message) => {
    const { clips, quarantined } = await readAll(sequence({ [`${cam4}/cam_intrinsics.txt`]: text }))
    expect(clips.map(({ id, width, height, calibration }) => [id, width, height, calibration])).toEqual([['h2o/subject1/h1/0/cam4#3d', 1280, 720, null]])
    expect(quarantined).toMatchObject([{ source: `${cam4}/cam_intrinsics.txt`, code, message }])
  })

  test('folders without a single file of a frame make no clip', async () => {
    const rawDir = sequence({ 'label_split/action_train.txt': null })
    for (const kind of ['action_label', 'cam_pose', 'hand_pose', 'hand_pose_mano', 'obj_pose', 'obj_pose_rt', 'verb_label']) {
      for (const frame of [0, 1]) rmSync(join(rawDir, cam4, kind, `00000${frame}.txt`))
    }
    writeFileSync(join(rawDir, cam4, 'hand_pose', 'readme.txt'), '')
    const { clips, quarantined } = await readAll(rawDir)
    expect([clips, quarantined.map(about)]).toEqual([[], [[cam4, 'E_H2O_EMPTY', 'none of its folders holds a file of a frame', null]]])
  })

  test('a file of a frame two hours on', async () => {
    const { clips, quarantined } = await readAll(sequence({ 'label_split/action_train.txt': null, [`${cam4}/verb_label/216000.txt`]: '0' }))
    expect([clips, quarantined.map(about)]).toEqual([[], [[cam4, 'E_H2O_FRAMES', 'the last file is of frame 216000; at most 100000 frames are read', 0]]])
  })
})

describe('pictures', () => {
  test('are those of rgb256, before those of rgb, from number 0 on', async () => {
    const rawDir = sequence(Object.fromEntries(['rgb256/000000.jpg', 'rgb256/000001.jpg', 'rgb/000000.png'].map((name) => [`${cam4}/${name}`, ''])))
    for (const frame of [0, 1]) writeFileSync(join(rawDir, cam4, `rgb256/00000${frame}.jpg`), jpegOf(455, 256))
    const { images, clips: [flat] } = await readAll(rawDir)
    expect(images).toMatchObject([
      { frame: 0, path: `${cam4}/rgb256/000000.jpg`, width: 455, height: 256, data: null },
      { frame: 1, path: `${cam4}/rgb256/000001.jpg`, width: 455, height: 256, data: null }])
    expect([flat!.width, flat!.flags]).toEqual([1280, []])
    const embedded = await readAll(rawDir, 'embed')
    expect(embedded.images!.map(({ data }) => data!.length)).toEqual([jpegOf(455, 256).length, jpegOf(455, 256).length])
    expect((await readAll(rawDir, 'none')).images).toBe(null)
  })

  test('that cannot be read are set aside; the clip lives', async () => {
    const { images, clips: [flat], quarantined } = await readAll(sequence({ [`${cam4}/rgb/000000.png`]: 'no picture' }))
    expect([images, quarantined.map(({ source, code }) => [source, code]), flat!.flags]).toEqual(
      [[], [[`${cam4}/rgb/000000.png`, 'E_PNG_NOT_PNG']], ['frame-count-mismatch', 'frames-quarantined']])
  })
})

describe.skipIf(shared === null)('the hand-made tree in the exact layout', () => {
  let films: readonly FilmRead[]
  let clips: readonly Clip[]
  beforeAll(async () => {
    films = await readFilms(h2o, contextOf(entry, `${shared}/data/tiny-raw/h2o`))
    clips = films.flatMap((film) => film.clips)
  })

  test('is two clips of six frames, without its right hand in frame 3', () => {
    expect(films.map(({ quarantined }) => quarantined)).toEqual([[]])
    expect(clips.map(({ id, frames, flags }) => [id, frames, flags])).toEqual([['h2o/subject1/h1/0/cam4#2d', 6, []], ['h2o/subject1/h1/0/cam4#3d', 6, []]])
    for (const { states } of clips) expect([...states!].flatMap((state, cell) => (state === ABSENT ? [cell] : [])))
      .toEqual(Array.from({ length: 21 }, (_, joint) => 3 * 42 + 21 + joint))
  })

  test('has its joints at 1 to 63 and 65 to 127, in metres', () => {
    const joint = (frame: number, at: number): number[] => [...clips[1]!.keypoints!.subarray((frame * 42 + at) * 4, (frame * 42 + at + 1) * 4)]
    expect(joint(0, 0)).toEqual([...Float32Array.of(-0.08, 0.05, 0.45, 1)])
    expect(joint(0, 20)).toEqual([...Float32Array.of(-0.04, -0.03, 0.462, 1)])
    expect(joint(0, 21)).toEqual([...Float32Array.of(0.09, 0.06, 0.46, 1)])
    expect(joint(0, 41)).toEqual([...Float32Array.of(0.049999999999999996, -0.020000000000000004, 0.47200000000000003, 1)])
    expect([joint(3, 21), [...clips[1]!.raw!.subarray((3 * 42 + 21) * 3, (3 * 42 + 22) * 3)]]).toEqual([[NaN, NaN, NaN, 0], [0, 0, 0]])
  })

  test('has them in px: 636.659 * -0.08 / 0.45 + 635.284 = 522.100, 636.252 * 0.05 / 0.45 + 366.874 = 437.569', () => {
    const { keypoints, calibration } = clips[0]!
    expect(calibration).toMatchObject({ fx: 636.6593017578125, fy: 636.251953125, cx: 635.283881879317, cy: 366.8740353496978 })
    expect(keypoints!.subarray(0, 2)).toBeAllclose([522.1000060112, 437.5686967], { atol: 1e-3 })
    // right wrist: 0.09 / 0.46, 0.06 / 0.46
    expect(keypoints!.subarray(21 * 3, 21 * 3 + 2)).toBeAllclose([759.8476583, 449.8634205], { atol: 1e-3 })
  })

  test('has MANO, object and camera', () => {
    const [, spatial] = clips as [Clip, Clip]
    const names = ['mano_left_translation_z', 'mano_left_pose_00', 'mano_left_shape_9', 'mano_right_flag', 'mano_right_translation_x', 'mano_right_shape_9',
      'object_class', 'object_point_00_z',
      'object_point_01_x', 'object_point_20_z', 'object_pose_07', 'camera_pose_03', 'camera_pose_07', 'camera_pose_11']
    expect(names.map((name) => signal(spatial, 0, name)))
      .toEqual([...Float32Array.of(0.45, 0.00024603067149651486, 0.6672475608343279, 1, 0.09, -1.0544846220491104, 5, 0.5, -0.05,
      0.49346629479995496, 0.08, 0.1, 1.5, -0.2)])
    expect(['right_hand_flag', 'mano_right_flag', 'mano_right_translation_x'].map((name) => signal(spatial, 3, name))).toEqual([0, 0, 0])
  })

  test('has actions, verbs, the object and the pose list', () => {
    const run = (track: string, [start, end]: readonly [number, number],
      [label, number]: readonly [string, number | null]): object => ({ track, start, end, label, number })
    expect(clips[0]!.labels.segments).toEqual([
      run('action', [1, 4], ['grab milk', 5]), run('action-frames', [0, 1], ['background', 0]), run('action-frames', [1, 4], ['grab milk', 5]),
      run('action-frames', [4, 6], ['background', 0]),
      run('object', [0, 6], ['milk', 5]), run('pose', [0, 6], ['listed', null]),
      run('verb', [0, 1], ['background', 0]), run('verb', [1, 4], ['grab', 1]), run('verb', [4, 6], ['background', 0])])
  })
})
