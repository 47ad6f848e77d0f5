import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip, Quarantined } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import { nwUcla } from '../../../src/ingest/adapters/nw-ucla/nw-ucla.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { readClips } from '../../../src/store/index.ts'
import { shared } from '../../shared.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { contextOf, readFilms } from '../read-film.ts'

const NAME = 'a08_s02_e04_v03'

let entry: DatasetEntry
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'nw-ucla')
})

describe('finds sequences', () => {
  test('in the folder, in the folder around it, and when pointed at all_sqe/', async () => {
    const folder = await rawFolder({ 'NW-UCLA/all_sqe/a01_s01_e00_v01.json': '' })
    expect((await nwUcla.discover(contextOf(entry, folder))).items.map(({ path }) => path)).toEqual(['NW-UCLA/all_sqe/a01_s01_e00_v01.json'])
    expect((await nwUcla.discover(contextOf(entry, join(folder, 'NW-UCLA')))).items.map(({ path }) => path)).toEqual(['all_sqe/a01_s01_e00_v01.json'])
    expect((await nwUcla.discover(contextOf(entry, join(folder, 'NW-UCLA/all_sqe')))).items.map(({ path }) => path)).toEqual(['a01_s01_e00_v01.json'])
  })

  test('sorted by id, and says what else lies there', async () => {
    const folder = await rawFolder({ 'all_sqe/a02_s01_e00_v01.json': '', 'all_sqe/a01_s01_e00_v01.json': '', 'all_sqe/val_label.pkl': '' })
    expect(await nwUcla.discover(contextOf(entry, folder))).toEqual({
      items: ['a01_s01_e00_v01', 'a02_s01_e00_v01'].map((name) => ({
        id: `nw-ucla/${name}`, path: `all_sqe/${name}.json`, inputs: [`all_sqe/${name}.json`], facts: null })),
      hasFrames: false, complete: false, missing: [], ignored: ['all_sqe/val_label.pkl'], quarantined: [],
    })
  })

  test('or refuses a folder without any', async () => {
    const folder = await rawFolder({ 'all_sqe/readme.txt': '' })
    await expect(nwUcla.discover(contextOf(entry, folder))).rejects.toMatchObject({
      code: 'E_RAW_EMPTY', message: `no sequences (all_sqe/a01_s01_e00_v01.json, ...) in ${folder}` })
  })

  test('or refuses a skeleton of other joints', async () => {
    const penn = { ...entryOf(await readCatalog(), 'penn-action'), name: 'mine' }
    await expect(nwUcla.discover(contextOf(penn, '/nowhere'))).rejects.toMatchObject({
      code: 'E_UCLA_SKELETON', message: 'the data set "mine" has the skeleton penn-13 of 13 joints, the files have 20' })
  })
})

describe('reads a sequence', () => {
  test('as a clip labelled by its name', async () => {
    const text = sequence()
    expect(await clipOf(text)).toMatchObject({
      id: `nw-ucla/${NAME}`, dataset: 'nw-ucla', group: 'nw-ucla/a08_s02_e04', skeleton: 'ucla-20', fps: null, width: 640, height: 480, frames: 2, persons: 1,
      joints: 20, dims: 3, source: 'kinect-v1', unit: 'm', boxes: null, signals: null, calibration: null, flags: ['y-up'],
      labels: {
        action: 'donning', officialSplit: 'test', sides: { 'cross-view': 'test' }, view: 'v03', subject: 's02', scene: null, camera: 'v03', phases: null,
        segments: [{ track: 'action', start: 0, end: 2, label: 'donning', number: 7 }],
      },
      files: [{ path: `all_sqe/${NAME}.json`, bytes: text.length, sha256: sha256(Buffer.from(text)), role: 'keypoints', frame: null, place: null }],
    })
  })

  test.each([['v01', 'train'], ['v02', 'train'], ['v03', 'test']])('of view %s: %s', async (view, side) => {
    const name = `a01_s01_e00_${view}`
    const { labels } = await clipOf(sequence({ file_name: name, label: 1 }), name)
    expect([labels.officialSplit, labels.sides]).toEqual([side, { 'cross-view': side }])
  })

  test('joint by joint, y up as the device has it', async () => {
    const { keypoints, raw, states } = await clipOf(sequence())
    expect([...keypoints!.subarray(0, 8)]).toEqual([0, 0.5, 3, 1, 1, 0.5, 3, 1])
    expect([...raw!.subarray(3, 6)]).toEqual([1, 0.5, 3])
    expect(new Set(states)).toEqual(new Set([0]))
  })

  test('a joint at the origin, or none at all, is absent', async () => {
    const text = sequence().replace('[0,0.5,3]', '[0,0,0]').replace('[1,0.5,3]', '[NaN,1,2]')
    const { keypoints, raw, states, flags } = await clipOf(text)
    expect([...states!.subarray(0, 3)]).toEqual([2, 2, 0])
    expect([...keypoints!.subarray(0, 8)]).toEqual([NaN, NaN, NaN, 0, NaN, NaN, NaN, 0])
    expect([...raw!.subarray(0, 6)]).toEqual([0, 0, 0, NaN, 1, 2])
    expect(flags).toEqual(['joints-not-finite', 'y-up'])
  })

  test('without a single joint: flagged', async () => {
    const { flags } = await clipOf(sequence({ skeletons: [Array.from({ length: 20 }, () => [0, 0, 0])] }))
    expect(flags).toEqual(['no-observed-joint', 'y-up'])
  })
})

describe('sets aside', () => {
  test.each([
    ['half a file', sequence().slice(0, 48), 'E_JSON_SYNTAX', 'expected a value at byte 48, found the end of the file', 48],
    ['another file of JSON', '[1]', 'E_UCLA_JSON', 'no text "file_name"', null],
    ['a label in words', sequence({ label: 'donning' }), 'E_UCLA_JSON', 'no whole number "label"', null],
    ['no frames', sequence({ skeletons: [] }), 'E_UCLA_JSON', 'no list "skeletons" of at least one frame', null],
    ['joints of another device', sequence({ skeletons: [Array.from({ length: 25 }, () => [0, 0, 0])] }), 'E_UCLA_JSON',
      'skeletons[0] is a list of 25, 20 joints are expected', null],
    ['a point of two numbers', sequence().replace('[1,0.5,3]', '[1,3]'), 'E_UCLA_JSON', 'skeletons[0][1] is [1,3], three numbers are expected', null],
    ['another sequence under its name', sequence({ file_name: 'a08_s02_e04_v02' }), 'E_UCLA_NAME', 'the file says that it is a08_s02_e04_v02', null],
    ['a label that is not its action\'s', sequence({ label: 8 }), 'E_UCLA_LABEL', 'the label 8, by its name the action "donning" is 7', null],
  ])('%s', async (_, text, code, message, offset) => {
    expect(await quarantinedOf(text)).toEqual([{ source: `all_sqe/${NAME}.json`, code, message, offset, sha256: sha256(Buffer.from(text)),
      readmit: 'mend or replace the file and run the same ingest again: what changed is read anew' }])
  })

  test.each([
    ['walk', 'walk.json is not named after action, subject, episode and view, such as a01_s01_e00_v01.json'],
    ['a07_s01_e00_v01', 'a07_s01_e00_v01.json is of action a07; there are a01, a02, a03, a04, a05, a06, a08, a09, a11, a12'],
  ])('a file named %s', async (name, message) => {
    expect(await quarantinedOf(sequence(), name)).toMatchObject([{ code: 'E_UCLA_NAME', message }])
  })
})

test.skipIf(shared === null)('the tiny sequence goes into a store and comes back', async () => {
  const storeDir = await temporaryFolder()
  const rawDir = await temporaryFolder()
  cpSync(`${shared}/data/tiny-raw/nw_ucla`, rawDir, { recursive: true })
  expect(await ingest({ entry, rawDir, storeDir, jobs: 1 })).toMatchObject({ clips: 1, frames: 4, quarantined: [], missing: [], ignored: [] })
  const [clip] = await readClips(storeDir, 'nw-ucla', undefined, { raw: true })
  const { skeletons } = JSON.parse(readFileSync(join(rawDir, 'all_sqe/a01_s01_e00_v01.json'), 'utf8')) as { skeletons: [number, number, number][][] }
  expect(clip).toMatchObject({ id: 'nw-ucla/a01_s01_e00_v01', labels: { action: 'pick up with one hand', officialSplit: 'train' } })
  expect([...clip!.keypoints!]).toEqual(skeletons.flat().flatMap(([x, y, z]) => [x, y, z, 1].map(Math.fround)))
})

/** Two frames: joint j at (j, 0.5, 3). */
function sequence(changes: Readonly<Record<string, unknown>> = {}): string {
  const frame = Array.from({ length: 20 }, (_, joint) => [joint, 0.5, 3])
  return JSON.stringify({ file_name: NAME, skeletons: [frame, frame], label: 7, ...changes })
}

async function rawFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

async function clipOf(text: string, name = NAME): Promise<Clip> {
  const [film] = await readFilms(nwUcla, contextOf(entry, await rawFolder({ [`all_sqe/${name}.json`]: text })))
  expect(film!.quarantined).toEqual([])
  return film!.clips[0]!
}

async function quarantinedOf(text: string, name = NAME): Promise<readonly Quarantined[]> {
  const files = { [`all_sqe/${name}.json`]: text, 'all_sqe/a01_s01_e00_v01.json': '{}' }
  const films = await readFilms(nwUcla, contextOf(entry, await rawFolder(files)))
  return films.flatMap(({ quarantined }) => quarantined).filter(({ source }) => source === `all_sqe/${name}.json`)
}
