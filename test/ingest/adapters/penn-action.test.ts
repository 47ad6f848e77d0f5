import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action/penn-action.ts'
import { contextOf, readOneClip } from '../read-film.ts'
import { double, frameFiles, labelFile, phaseFile, rawFolder, text } from './penn-folder.ts'

let entry: DatasetEntry
const whole = { 'labels/0001.mat': labelFile() }

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
})

describe('finds label files', () => {
  test('in the unpacked folder, in the folder around it, and when pointed at labels/', async () => {
    const folder = rawFolder({ 'Penn_Action/labels/0001.mat': labelFile() })
    expect(await paths(join(folder, 'Penn_Action'))).toEqual(['labels/0001.mat'])
    expect(await paths(folder)).toEqual(['Penn_Action/labels/0001.mat'])
    expect(await paths(join(folder, 'Penn_Action/labels'))).toEqual(['0001.mat'])
  })

  test('sorted by id, saying that they are a part and what else lies there', async () => {
    const folder = rawFolder({ ...whole, 'labels/0010.mat': '', 'labels/0002.mat': '', 'labels/.DS_Store': '', 'labels/notes.txt': '',
      'penn_action_labels/README': '' })
    expect(await pennAction.discover(contextOf(entry, folder))).toEqual({
      items: ['0001', '0002', '0010'].map((video) => ({ id: `penn-action/${video}`, path: `labels/${video}.mat`, inputs: [`labels/${video}.mat`],
        facts: { frames: null, phases: null, records: [], casa: null, source: 'manual' } })),
      hasFrames: false, complete: false, missing: ['frames', 'TCC phase labels'], ignored: ['labels/notes.txt', 'penn_action_labels/README'], quarantined: [],
    })
  })

  test('with frames and phases beside them, unless told to leave the frames alone', async () => {
    const folder = rawFolder({ ...whole, ...frameFiles('0001', 4), ...phaseFile([0, 0, 1, 1]) })
    const { items, ...plan } = await pennAction.discover(contextOf(entry, folder))
    expect(plan).toMatchObject({ hasFrames: true, missing: [] })
    expect(items[0]!.facts).toMatchObject({ frames: 'frames/0001', phases: 'penn_action_labels/val/pullups/0001.npy' })
    expect(items[0]!.inputs).toEqual(['labels/0001.mat', 'frames/0001', 'penn_action_labels/val/pullups/0001.npy'])
    expect((await pennAction.discover(contextOf(entry, folder, { frames: 'none' }))).items[0]!.facts.frames).toBeNull()
  })

  test('or refuses a folder without labels', async () => {
    const folder = rawFolder({ 'readme.txt': '' })
    await expect(pennAction.discover(contextOf(entry, folder))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no label files (labels/0001.mat, ...) in ${folder}` })
  })

  test('or refuses one video on two sides', async () => {
    const folder = rawFolder({ ...whole, ...phaseFile([0]), ...phaseFile([0], 'train/pullups/0001.npy') })
    await expect(pennAction.discover(contextOf(entry, folder))).rejects.toMatchObject({ code: 'E_PENN_PHASES',
      message: 'phase labels of video 0001 twice: penn_action_labels/train/pullups/0001.npy and penn_action_labels/val/pullups/0001.npy' })
  })
})

describe('reads one video', () => {
  test('as a clip with its provenance', async () => {
    const clip = await clipOf(whole, { fps: 30 })
    expect(clip).toMatchObject({
      id: 'penn-action/0001', group: 'penn-action/0001', fps: 30, width: 480, height: 270, frames: 4, unit: 'px', flags: [],
      labels: { action: 'pullup', officialSplit: 'test', view: 'front', phases: null },
      files: [{ path: 'labels/0001.mat', bytes: labelFile().length, sha256: sha256(labelFile()), role: 'label', frame: null, place: null }],
    })
    expect([...clip.keypoints!.subarray(39, 45)]).toEqual([20, 35, 1, 30, 35, 1])
  })

  test('calls a joint absent only when it is invisible and both of its coordinates are in the corner', async () => {
    const label = labelFile({
      x: double('x', [4, 13], [0.75, 2, 2, 2, ...Array.from({ length: 48 }, () => 50)]),
      y: double('y', [4, 13], [0.75, 2, 2.25, 2, ...Array.from({ length: 48 }, () => 50)]),
      visibility: { name: 'visibility', kind: 'logical', dims: [4, 13], values: [0, 0, 0, 1, ...Array.from({ length: 48 }, () => 1)] } })
    const { keypoints, raw, states } = await clipOf({ 'labels/0001.mat': label })
    expect([0, 13, 26, 39].map((at) => states![at])).toEqual([2, 2, 1, 0])
    expect([0, 13, 26, 39].map((at) => [...keypoints!.subarray(3 * at, 3 * at + 3)])).toEqual([[NaN, NaN, 0], [NaN, NaN, 0], [2, 2.25, 0.5], [2, 2, 1]])
    expect([...raw!.subarray(0, 2)]).toEqual([0.75, 0.75])
  })

  test('gives the last frame no box when the file has one row less', async () => {
    const clip = await clipOf({ 'labels/0001.mat': labelFile({ bbox: double('bbox', [3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) }) })
    expect([...clip.boxes!]).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12, NaN, NaN, NaN, NaN])
    expect(clip.flags).toEqual(['box-missing-last-frame'])
  })

  test.each([
    ['as many frames as labels', frameFiles('0001', 4), 4, []],
    ['fewer', frameFiles('0001', 3), 3, ['frame-count-mismatch']],
    ['more', frameFiles('0001', 6), 4, ['frame-count-mismatch']],
    ['a gap, which ends the clip', frameFiles('0001', 4, [3]), 2, ['frame-count-mismatch']],
  ])('with frames by reference: %s', async (_, images, frames, flags) => {
    const { clips: [clip], images: found, quarantined } = await read({ ...whole, ...images })
    expect([clip!.frames, clip!.flags, quarantined]).toEqual([frames, flags, []])
    const [first] = Object.values(images)
    expect(found).toEqual(Array.from({ length: frames }, (_, frame) => ({
      frame, path: `frames/0001/00000${frame + 1}.jpg`, width: 480, height: 270, pts: null, hash: `sha256:${sha256(first!)}`, bytes: first!.length, data: null })))
    const sizes = [clip!.keypoints, clip!.states, clip!.raw, clip!.boxes, clip!.time].map((values) => values!.length / frames)
    expect(sizes).toEqual([39, 13, 26, 4, 1])
  })

  test('with its labels alone when the others have frames and it has none', async () => {
    const { clips, images } = await read({ ...whole, ...frameFiles('0002', 4) })
    expect([clips[0]!.frames, clips[0]!.flags, images]).toEqual([4, ['frames-missing'], null])
  })

  test.each([
    ['as they are', [0, 0, 1, 1], [[0, 2], [2, 4]], []],
    ['twice as many, every second one', [0, 0, 0, 1, 1, 1, 1, 1], [[0, 2], [2, 4]], ['phases-resampled']],
    ['half as many, each of them twice', [0, 1], [[0, 2], [2, 4]], ['phases-resampled']],
    ['a phase that never comes, empty', [1, 1, 1, 1], [[0, 0], [0, 4]], ['phases-incomplete']],
  ])('with phases: %s', async (_, phases, expected, flags) => {
    const clip = await clipOf({ ...whole, ...phaseFile(phases) })
    expect(clip.labels.sides).toEqual({ tcc: 'test' })
    expect(clip.labels.phases).toEqual(expected.map(([start, end], at) => ({ start, end, label: ['start', 'chin above bar'][at] })))
    expect(clip.flags).toEqual(flags)
    expect(clip.files[1]!.path).toBe('penn_action_labels/val/pullups/0001.npy')
  })

  test('and says when the phases are on the other side than the video', async () => {
    expect((await clipOf({ ...whole, ...phaseFile([0, 0, 1, 1], 'train/pullups/0001.npy') })).flags).toEqual(['phases-on-other-side'])
  })
})

describe('quarantines', () => {
  test.each([
    ['text named .mat', 'hello, this is text', 'E_MAT_NOT_MAT', 'not a MAT file: it begins with "hello, this is t"', 0],
    ['a missing variable', labelFile({ y: null }), 'E_PENN_VARIABLE',
      'no variable y; there are action, pose, x, visibility, train, bbox, dimensions, nframes', null],
    ['rows that do not match', labelFile({ y: double('y', [3, 13], Array.from({ length: 39 }, () => 9)) }), 'E_PENN_ROWS', 'y is 3 x 13, not 4 x 13', null],
    ['other joints', labelFile({ x: double('x', [4, 12], Array.from({ length: 48 }, () => 9)) }), 'E_PENN_DIMS', 'x is 4 x 12, not 4 x 13', null],
    ['a box two rows short', labelFile({ bbox: double('bbox', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]) }), 'E_PENN_ROWS', 'bbox is 2 x 4, not 4 x 4', null],
    ['two lengths', labelFile({ dimensions: double('dimensions', [1, 3], [270, 480, 5]) }), 'E_PENN_ROWS', 'dimensions says 5 frames, nframes 4', null],
    ['no frames', labelFile({ nframes: double('nframes', [1, 1], [0]) }), 'E_PENN_VALUE', 'nframes is 0', null],
    ['an image of no size', labelFile({ dimensions: double('dimensions', [1, 3], [270, 0, 4]) }), 'E_PENN_VALUE', 'an image of 0 x 270 px', null],
    ['a coordinate that is no number', labelFile({ x: double('x', [4, 13], [NaN, ...Array.from({ length: 51 }, () => 9)]) }), 'E_PENN_VALUE', 'x holds NaN',
      null],
    ['a visibility of 2', labelFile({ visibility: double('visibility', [4, 13], Array.from({ length: 52 }, () => 2)) }), 'E_PENN_VALUE',
      'visibility holds 2; 0 and 1 are known', null],
    ['a side of 0', labelFile({ train: double('train', [1, 1], [0]) }), 'E_PENN_VALUE', 'train is 0; 1 (train) and -1 (test) are known', null],
    ['an unknown action', labelFile({ action: text('action', 'pull_ups') }), 'E_PENN_ACTION', 'no action "pull_ups"', null],
    ['an unknown view', labelFile({ pose: text('pose', 'above') }), 'E_PENN_VALUE', 'no pose "above"', null],
    ['text in place of numbers', labelFile({ x: text('x', 'abc') }), 'E_PENN_TYPE', 'the variable x is text, not plain numbers', null],
    ['numbers in place of text', labelFile({ action: double('action', [1, 1], [3]) }), 'E_PENN_TYPE', 'the variable action is double, not text', null],
  ])('%s', async (_, content, code, message, offset) => {
    expect(await read({ 'labels/0001.mat': content })).toMatchObject({ clips: [], quarantined: [{ source: 'labels/0001.mat', code, message, offset, sha256: sha256(content) }] })
  })

  test('a label file cut off at any of 50 places', async () => {
    const label = labelFile()
    for (let cut = 0; cut < 50; cut++) {
      const content = label.subarray(0, Math.floor((cut / 50) * label.length))
      expect(await read({ 'labels/0001.mat': content })).toMatchObject({
        clips: [], quarantined: [{ source: 'labels/0001.mat', code: expect.stringMatching(/^E_(MAT|PENN)_/), sha256: sha256(content) }] })
    }
  })

  test('a file of another name', async () => {
    expect((await read({ 'labels/copy of 0001.mat': labelFile() })).quarantined).toMatchObject([{
      source: 'labels/copy of 0001.mat', code: 'E_PENN_NAME', message: 'copy of 0001.mat is not named after the number of a video, such as 0001.mat', sha256: null }])
  })

  test('a file that has gone since it was found', async () => {
    const folder = rawFolder(whole)
    const { items } = await pennAction.discover(contextOf(entry, folder))
    rmSync(join(folder, 'labels/0001.mat'))
    expect((await pennAction.read(contextOf(entry, folder), items[0]!)).quarantined).toEqual([{
      source: 'labels/0001.mat', code: 'E_RAW_READ', message: 'cannot read labels/0001.mat: ENOENT', offset: null, sha256: null,
      readmit: 'mend or replace the file and run the same ingest again: what changed is read anew' }])
  })

  test.each([
    ['phases that go back', [0, 1, 0, 1], 'phase 0 at frame 2 comes after phase 1'],
    ['a phase that the action does not have', [0, 1, 2, 2], 'phase 2 at frame 2; pullup has the phases 0 to 1'],
    ['no phases at all', [], 'phase labels of shape (0); one phase per frame is read'],
  ])('%s', async (_, phases, message) => {
    const { clips, quarantined } = await read({ ...whole, ...phaseFile(phases) })
    expect(quarantined).toMatchObject([{ source: 'penn_action_labels/val/pullups/0001.npy', code: 'E_PENN_PHASES', message }])
    expect([clips[0]!.labels.phases, clips[0]!.flags]).toEqual([null, ['phases-quarantined']])
  })

  test('phases of another action', async () => {
    expect((await read({ ...whole, ...phaseFile([0, 0, 1, 1], 'val/squats/0001.npy') })).quarantined).toMatchObject([{ code: 'E_PENN_PHASES',
      message: 'phase labels of squats for a clip of pullup' }])
  })

  test('phases that are no .npy file', async () => {
    const folder = rawFolder({ ...whole, ...phaseFile([0]) })
    writeFileSync(join(folder, 'penn_action_labels/val/pullups/0001.npy'), 'phases')
    const { items } = await pennAction.discover(contextOf(entry, folder))
    expect((await pennAction.read(contextOf(entry, folder), items[0]!)).quarantined).toMatchObject([{ code: 'E_NPY_NOT_NPY', offset: 0, sha256: sha256('phases') }])
  })
})

async function paths(folder: string): Promise<string[]> {
  return (await pennAction.discover(contextOf(entry, folder))).items.map(({ path }) => path)
}

type Options = Parameters<typeof contextOf>[2]

async function read(files: Parameters<typeof rawFolder>[0], options: Options = {}): Promise<FilmRead> {
  const context = contextOf(entry, rawFolder(files), options)
  const { items } = await pennAction.discover(context)
  return pennAction.read(context, items[0]!)
}

async function clipOf(files: Parameters<typeof rawFolder>[0], options: Options = {}): Promise<Clip> {
  const context = contextOf(entry, rawFolder(files), options)
  return readOneClip(pennAction, context, (await pennAction.discover(context)).items[0]!)
}
