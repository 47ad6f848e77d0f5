import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip, Quarantined } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import { ntu } from '../../../src/ingest/adapters/ntu/ntu.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { readClips } from '../../../src/store/index.ts'
import { shared } from '../../shared.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { contextOf, readFilms } from '../read-film.ts'

const NAME = 'S001C002P003R002A013'
const ONE = '72057594037931101'
const TWO = '72057594037931102'

let entry: DatasetEntry
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'ntu-60')
})

describe('finds sequences', () => {
  test('in any folder, sorted by id, and says what else lies there', async () => {
    const folder = await rawFolder({ [`b/${NAME}.skeleton`]: '', 'a/S001C003P003R002A013.skeleton': '', 'notes.txt': '' })
    expect(await ntu.discover(contextOf(entry, folder))).toEqual({
      items: [
        { id: `ntu-60/${NAME}`, path: `b/${NAME}.skeleton`, inputs: [`b/${NAME}.skeleton`], facts: null },
        { id: 'ntu-60/S001C003P003R002A013', path: 'a/S001C003P003R002A013.skeleton', inputs: ['a/S001C003P003R002A013.skeleton'], facts: null },
      ],
      hasFrames: false, complete: false, missing: [], ignored: ['notes.txt'], quarantined: [],
    })
  })

  test('once: the second file of a name is set aside', async () => {
    const folder = await rawFolder({ [`a/${NAME}.skeleton`]: '', [`b/${NAME}.skeleton`]: '' })
    const { items, quarantined } = await ntu.discover(contextOf(entry, folder))
    expect(items.map(({ path }) => path)).toEqual([`a/${NAME}.skeleton`])
    expect(quarantined).toEqual([{ source: `b/${NAME}.skeleton`, code: 'E_NTU_TWICE', message: `there is a/${NAME}.skeleton already`,
      offset: null, sha256: null, readmit: 'keep one of the two' }])
  })

  test('or refuses a folder without any', async () => {
    const folder = await rawFolder({ 'readme.txt': '' })
    await expect(ntu.discover(contextOf(entry, folder))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no skeleton files (S001C001P001R001A001.skeleton, ...) in ${folder}` })
  })

  test('or refuses a skeleton of other joints', async () => {
    const penn = { ...entryOf(await readCatalog(), 'penn-action'), name: 'mine' }
    await expect(ntu.discover(contextOf(penn, '/nowhere'))).rejects.toMatchObject({
      code: 'E_NTU_SKELETON', message: 'the data set "mine" has the skeleton penn-13 of 13 joints, .skeleton files have 25' })
  })
})

describe('reads a sequence', () => {
  test('as a clip in metres and one in px of the colour image, labelled by its name', async () => {
    const text = sequence([[body(ONE)]])
    const [flat, deep] = await clipsOf(text)
    const common = {
      dataset: 'ntu-60', group: 'ntu-60/S001P003R002A013', skeleton: 'ntu-25', fps: 30, width: 1920, height: 1080, frames: 1, persons: 1, joints: 25,
      source: 'kinect-v2', boxes: null, signals: null, calibration: null,
      labels: {
        action: 'A013', officialSplit: null, sides: { xsub: 'test', xview: 'train', xset: 'test' }, view: 'R002', subject: 'P003',
        scene: 'S001', camera: 'C002', phases: null,
        segments: [{ track: 'action', start: 0, end: 1, label: 'A013', number: 13 }, { track: 'body', start: 0, end: 1, label: ONE, number: 0 }],
      },
      files: [{ path: `${NAME}.skeleton`, bytes: text.length, sha256: sha256(Buffer.from(text)), role: 'keypoints', frame: null, place: null }],
    }
    expect(flat).toMatchObject({ ...common, id: `ntu-60/${NAME}#2d`, dims: 2, unit: 'px', flags: [] })
    expect(deep).toMatchObject({ ...common, id: `ntu-60/${NAME}#3d`, dims: 3, unit: 'm', flags: ['y-up'] })
  })

  test('joint by joint, y up as the device has it', async () => {
    const [flat, deep] = await clipsOf(sequence([[body(ONE, { 1: '0.5 0.25 3.5 277 191 1036.5 519.25 0 0 0 0 2' })]]))
    expect([...deep!.keypoints!.subarray(4, 8)]).toEqual([0.5, 0.25, 3.5, 1])
    expect([...deep!.raw!.subarray(3, 6)]).toEqual([0.5, 0.25, 3.5])
    expect([...flat!.keypoints!.subarray(3, 6)]).toEqual([1036.5, 519.25, 1])
  })

  test.each([
    ['tracked: observed', '2', 0, [1, 2, 3, 1]],
    ['inferred: occluded', '1', 1, [1, 2, 3, 0.5]],
    ['not tracked: absent, its place kept', '0', 2, [NaN, NaN, NaN, 0]],
  ])('a joint that is %s', async (_, state, expected, keypoints) => {
    const [, deep] = await clipsOf(sequence([[body(ONE, { 0: `1 2 3 0 0 0 0 0 0 0 0 ${state}` })]]))
    expect([deep!.states![0], [...deep!.keypoints!.subarray(0, 4)], [...deep!.raw!.subarray(0, 3)]]).toEqual([expected, keypoints, [1, 2, 3]])
  })

  test('with persons in the order in which they first appear, wherever a frame lists them', async () => {
    const [, deep] = await clipsOf(sequence([[body(TWO, place(2))], [body(ONE, place(1)), body(TWO, place(2))], [body(ONE, place(1))]]))
    expect(deep).toMatchObject({ frames: 3, persons: 2 })
    const [head, states] = [deep!.keypoints!, deep!.states!]
    expect([0, 1, 2, 3, 4, 5].map((row) => head[row * 25 * 4])).toEqual([2, NaN, 2, 1, NaN, 1])
    expect([0, 1, 2, 3, 4, 5].map((row) => states[row * 25])).toEqual([0, 2, 0, 0, 2, 0])
    expect(deep!.labels.segments.slice(1)).toEqual([
      { track: 'body', start: 0, end: 2, label: TWO, number: 0 }, { track: 'body', start: 1, end: 3, label: ONE, number: 1 }])
  })

  test('whose only body is gone for a while', async () => {
    const [, deep] = await clipsOf(sequence([[body(ONE)], [], [body(ONE)]]))
    expect(deep).toMatchObject({ persons: 1, flags: ['frames-without-body', 'y-up'] })
    expect([...deep!.states!.subarray(20, 55)]).toEqual([...Array(5).fill(0), ...Array(25).fill(2), ...Array(5).fill(0)])
    expect(deep!.labels.segments.slice(1).map(({ start, end }) => [start, end])).toEqual([[0, 1], [2, 3]])
  })

  test('in which no frame holds a body', async () => {
    const [flat, deep] = await clipsOf(sequence([[], []]))
    expect(flat).toMatchObject({ frames: 2, persons: 1, flags: ['no-body'] })
    expect(deep!.flags).toEqual(['no-body', 'y-up'])
    expect(new Set(deep!.states)).toEqual(new Set([2]))
  })

  test('in which one number stands for two bodies: two persons', async () => {
    const [flat] = await clipsOf(sequence([[body(ONE), body(ONE)], [body(ONE)]]))
    expect(flat).toMatchObject({ persons: 2, flags: ['body-twice-in-frame'] })
    expect(flat!.labels.segments.slice(1).map(({ end, label, number }) => [end, label, number])).toEqual([[1, ONE, 1], [2, ONE, 0]])
  })

  test('with a joint that could not be mapped into the colour image', async () => {
    const [flat, deep] = await clipsOf(sequence([[body(ONE, { 0: '1 2 3 -Infinity nan -Infinity -Infinity 0 0 0 0 2' })]]))
    expect([flat!.states![0], deep!.states![0]]).toEqual([2, 0])
    expect([flat!.flags, deep!.flags]).toEqual([['joints-not-finite'], ['y-up']])
  })

  test('with Windows line ends and a last line without one', async () => {
    const [flat] = await clipsOf(sequence([[body(ONE)]]).replaceAll('\n', '\r\n').trimEnd())
    expect(flat!.frames).toBe(1)
  })
})

describe('puts a sequence on its sides', () => {
  test.each([
    ['S001C001P001R001A001', { xsub: 'train', xview: 'test', xset: 'test' }],
    ['S002C003P006R001A001', { xsub: 'test', xview: 'train', xset: 'train' }],
    ['S018C001P103R001A120', { xsub: 'train', xset: 'train' }],
    ['S031C002P104R001A120', { xsub: 'test', xset: 'test' }],
  ])('%s', async (name, sides) => {
    const [flat] = await clipsOf(sequence([[]]), name)
    expect(flat!.labels.sides).toEqual(sides)
  })
})

describe('sets aside, with line and byte,', () => {
  const one = body(ONE)
  test.each([
    ['an empty file', '', 'line 1: the file ends where the number of frames should be', 0],
    ['words', 'hello\n', 'line 1: "hello" where the number of frames should be', 0],
    ['a body too few', '1\n2\n' + one, `line 30: the file ends where body 2 of frame 1 should be`, 4 + one.length],
    ['a frame too few', '2\n1\n' + one, `line 30: the file ends where the number of bodies of frame 2 should be`, 4 + one.length],
    ['more bodies than the device sees', '1\n7\n', 'line 2: 7 bodies in frame 1, a Kinect v2 sees at most 6', 2],
    ['a short line', sequence([[body(ONE, { 2: '1 2 3' })]]), 'line 7: 3 values for joint 3 of body 1 of frame 1, 12 are expected', 4 + lengthOfLines(one, 4)],
    ['a word among numbers', sequence([[body(ONE, { 0: '1 2 three 0 0 0 0 0 0 0 0 2' })]]), 'line 5: "three" is no number', 4 + lengthOfLines(one, 2)],
    ['an unknown state', sequence([[body(ONE, { 0: '1 2 3 0 0 0 0 0 0 0 0 3' })]]),
      'line 5: the tracking state "3" of joint 1 of body 1 of frame 1; there are 0, 1 and 2', 4 + lengthOfLines(one, 2)],
    ['other joints', sequence([[one.replace('\n25\n', '\n20\n')]]), 'line 4: 20 joints of body 1 of frame 1, 25 are expected', 4 + lengthOfLines(one, 1)],
    ['a body without a number', sequence([[one.replace(ONE, 'x')]]), 'line 3: "x" is no number of a body (body 1 of frame 1)', 4],
    ['what follows the last frame', sequence([[]]) + '\n1\n', 'line 4: something follows frame 1, which should be the last', 5],
  ])('%s', async (_, text, message, offset) => {
    expect(await quarantinedOf(text)).toEqual([{ source: `${NAME}.skeleton`, code: 'E_NTU_TEXT', message, offset, sha256: sha256(Buffer.from(text)),
      readmit: 'mend or replace the file and run the same ingest again: what changed is read anew' }])
  })

  test('a file of no frames', async () => {
    expect(await quarantinedOf('0\n')).toMatchObject([{ code: 'E_NTU_EMPTY', message: 'the file says that it has 0 frames' }])
  })

  test('a file of another name', async () => {
    expect(await quarantinedOf(sequence([[]]), 'walk')).toMatchObject([{ source: 'walk.skeleton', code: 'E_NTU_NAME',
      message: 'walk.skeleton is not named after setup, camera, performer, replication and action, such as S001C001P001R001A001.skeleton' }])
  })

  test('more bodies and frames than memory is meant for', async () => {
    const text = sequence(Array.from({ length: 500 }, (_, frame) => (frame < 401 ? [body(String(frame))] : [])))
    expect(await quarantinedOf(text)).toMatchObject([{ code: 'E_NTU_LARGE', message: '500 frames of 401 bodies are 200500 rows, at most 200000 are read' }])
  })
})

test.skipIf(shared === null)('the tiny sequence goes into a store and comes back', async () => {
  const [rawDir, storeDir] = [await temporaryFolder(), await temporaryFolder()]
  const name = 'S001C001P001R001A001.skeleton'
  copyFileSync(`${shared}/data/tiny-raw/ntu/${name}`, join(rawDir, name))
  const result = await ingest({ entry, rawDir, storeDir, jobs: 1 })
  expect(result).toMatchObject({ clips: 2, frames: 4, quarantined: [], missing: [], ignored: [] })
  const [flat, deep] = await readClips(storeDir, 'ntu-60', undefined, { raw: true })
  expect([flat!.id, deep!.id]).toEqual(['ntu-60/S001C001P001R001A001#2d', 'ntu-60/S001C001P001R001A001#3d'])
  expect(deep!.labels.segments).toContainEqual({ track: 'body', start: 0, end: 2, label: '72057594037931101', number: 0 })
  const rows = readFileSync(join(rawDir, name), 'utf8').split('\n').filter((line) => line.split(' ').length === 12).map((line) => line.split(' ').map(Number))
  expect([...deep!.keypoints!]).toEqual(rows.flatMap(([x, y, z]) => [x!, y!, z!, 1].map(Math.fround)))
  expect([...flat!.keypoints!]).toEqual(rows.flatMap((row) => [row[5]!, row[6]!, 1].map(Math.fround)))
})

async function rawFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function sequence(frames: readonly (readonly string[])[]): string {
  return `${frames.length}\n${frames.map((bodies) => `${bodies.length}\n${bodies.join('')}`).join('')}`
}

/** A tracked body of 25 joints, all of them at (1, 2, 3), with other lines in place of some. */
function body(id: string, lines: Readonly<Record<number, string>> = {}): string {
  const joints = Array.from({ length: 25 }, (_, joint) => lines[joint] ?? '1 2 3 4 5 6 7 0 0 0 1 2')
  return [`${id} 0 1 1 1 1 0 0.02 0.05 2`, '25', ...joints, ''].join('\n')
}

/** Joint 0 at x. */
function place(x: number): Record<number, string> {
  return { 0: `${x} 2 3 4 5 6 7 0 0 0 1 2` }
}

function lengthOfLines(text: string, lines: number): number {
  return text.split('\n').slice(0, lines).join('\n').length + 1
}

async function clipsOf(text: string, name = NAME): Promise<Clip[]> {
  const [film] = await readFilms(ntu, contextOf(entry, await rawFolder({ [`${name}.skeleton`]: text })))
  expect(film!.quarantined).toEqual([])
  return [...film!.clips]
}

async function quarantinedOf(text: string, name = NAME): Promise<readonly Quarantined[]> {
  const [film] = await readFilms(ntu, contextOf(entry, await rawFolder({ [`${name}.skeleton`]: text })))
  expect(film!.clips).toEqual([])
  return film!.quarantined
}
