import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'jpeg-js'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, isQuarantined, OBSERVED, OCCLUDED } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import type { Plan } from '../../../src/ingest/adapter.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action.ts'
import { type TwinResult, writeTwin } from '../../../src/ingest/synthetic/twin.ts'

let entry: DatasetEntry
let dir: string
let written: TwinResult
let plan: Plan
let clips: Clip[]

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  dir = newFolder()
  written = await writeTwin(entry, dir, { clips: 60, seed: 7, frames: false })
  plan = await pennAction.discover(entry, dir)
  clips = await readAll(dir)
})

describe('a twin of Penn Action', () => {
  test('is what the adapter reads, phases and all, without a single quirk', () => {
    expect(clips).toHaveLength(60)
    expect(new Set(clips.flatMap(({ flags }) => flags))).toEqual(new Set())
    expect(clips.every(({ labels }) => labels.phases !== null)).toBe(true)
  })

  test('counts what it wrote', () => {
    const frames = clips.reduce((sum, clip) => sum + clip.frames, 0)
    const bytes = clips.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0) + readFileSync(join(dir, 'posetta-twin.json')).length
    expect(written).toEqual({ clips: 60, frames, files: 121, bytes })
  })

  test('is never mistaken for the download', () => {
    expect(plan).toMatchObject({ complete: false, hasFrames: false, hasPhases: true, ignored: [] })
    expect(clips.every(({ source }) => source === 'synthetic')).toBe(true)
  })

  test('has six actions with clips on both sides', () => {
    const sides = (action: string): string => ['train', 'test'].map((side) => clips.filter(({ labels }) => labels.action === action && labels.officialSplit === side).length).join('/')
    expect(['clean_and_jerk', 'jumping_jacks', 'pullup', 'pushup', 'squat', 'tennis_serve'].map(sides)).toEqual(Array.from({ length: 6 }, () => '6/4'))
  })

  test('numbers every clip within the range of its action', () => {
    for (const { id, labels } of clips) {
      const [first, last] = entry.actionEntries.find(({ name }) => name === labels.action)!.ids!
      expect(Number(id.slice(-4))).toBeGreaterThanOrEqual(first)
      expect(Number(id.slice(-4))).toBeLessThanOrEqual(last)
    }
  })

  test('goes through every phase of the action in order', () => {
    const { phases } = clips.find(({ labels }) => labels.action === 'clean_and_jerk')!.labels
    expect(phases!.map(({ label }) => label)).toEqual(['start', 'bar at hip', 'fully squatting', 'standing', 'begin thrusting', 'beginning balance'])
    for (const clip of clips) {
      expect(clip.labels.phases!.every(({ start, end }) => end - start >= 3)).toBe(true)
      expect(clip.labels.phases!.at(-1)!.end).toBe(clip.frames)
    }
  })

  test('varies length, view, size and what can be seen', () => {
    const jacks = clips.filter(({ labels }) => labels.action === 'jumping_jacks')
    expect(new Set(jacks.map(({ frames }) => frames)).size).toBeGreaterThan(5)
    expect(new Set(clips.map(({ labels }) => labels.view))).toEqual(new Set(['front', 'back', 'left', 'right']))
    expect(new Set(clips.map(({ width, height }) => `${width} x ${height}`)).size).toBe(2)
    const states = clips.flatMap((clip) => [...clip.states!])
    for (const state of [OCCLUDED, ABSENT]) {
      expect(states.filter((other) => other === state).length / states.length).toBeGreaterThan(0.02)
    }
    expect(states.filter((state) => state === OBSERVED).length / states.length).toBeGreaterThan(0.6)
  })

  test('shows the subject\'s left shoulder on the right of a picture from the front', () => {
    for (const clip of clips.filter(({ labels }) => labels.action === 'jumping_jacks' && (labels.view === 'front' || labels.view === 'back'))) {
      const [right, left] = [clip.raw![2]!, clip.raw![4]!]
      if (clip.states![1] !== ABSENT && clip.states![2] !== ABSENT) expect(left > right).toBe(clip.labels.view === 'front')
    }
  })

  test('hangs the wrists above the head at the top of a jumping jack, and not at its start', () => {
    for (const clip of clips.filter(({ labels }) => labels.action === 'jumping_jacks')) {
      const top = clip.labels.phases![2]!.start
      for (const wrist of [5, 6]) {
        if (heightOf(clip, top, wrist) !== null) expect(heightOf(clip, top, wrist)!).toBeLessThan(heightOf(clip, top, 0)!)
        if (heightOf(clip, 0, wrist) !== null) expect(heightOf(clip, 0, wrist)!).toBeGreaterThan(heightOf(clip, 0, 0)!)
      }
    }
  })
})

test('the same seed writes the same bytes, another seed others', async () => {
  const [again, other] = [newFolder(), newFolder()]
  await writeTwin(entry, again, { clips: 6, seed: 7, frames: false })
  await writeTwin(entry, other, { clips: 6, seed: 8, frames: false })
  const hashOf = (folder: string): string => sha256(readFileSync(join(folder, 'labels/0701.mat')))
  expect(hashOf(again)).toBe(hashOf(dir))
  expect(hashOf(other)).not.toBe(hashOf(dir))
})

test('its label files have no bytes of this machine in them', async () => {
  const folder = newFolder()
  await writeTwin(entry, folder, { clips: 3, seed: 1, frames: false })
  expect(readdirSync(join(folder, 'labels')).map((name) => readFileSync(join(folder, 'labels', name)).toString('latin1', 0, 60))).toEqual(
    Array.from({ length: 3 }, () => 'MATLAB 5.0 MAT-file, Platform: none, written by Posetta: a s'))
})

test('with frames, draws one JPEG of the clip\'s size per frame', async () => {
  const folder = newFolder()
  const { frames, files } = await writeTwin(entry, folder, { clips: 2, seed: 1, frames: true })
  expect(files).toBe(1 + 2 * 2 + frames)
  const jacks = (await readAll(folder)).find(({ labels }) => labels.action === 'jumping_jacks')!
  expect(jacks.framePaths).toHaveLength(jacks.frames)
  const picture = decode(readFileSync(join(folder, jacks.framePaths![0]!)), { useTArray: true })
  expect([picture.width, picture.height]).toEqual([jacks.width, jacks.height])
  const joint = jacks.states!.slice(0, 13).indexOf(OBSERVED)
  const [x, y] = [Math.floor(jacks.raw![2 * joint]!), Math.floor(jacks.raw![2 * joint + 1]!)]
  expect(picture.data[(y * picture.width + x) * 4]).toBeGreaterThan(200)
})

describe('refuses', () => {
  test('a folder with anything else in it, which stays as it is', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'thesis.tex'), '')
    await expect(writeTwin(entry, folder, { clips: 1, seed: 1, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_FOLDER', message: `${folder} holds files that are no twin`, hint: 'name a new or an empty folder' })
    expect(existsSync(join(folder, 'labels'))).toBe(false)
  })

  test('a folder with another twin', async () => {
    await expect(writeTwin(entry, dir, { clips: 60, seed: 8, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_FOLDER', message: `${dir} holds another twin, {"format":1,"dataset":"penn-action","clips":60,"seed":7,"frames":false}` })
  })

  test('more clips than the ranges of its actions have', async () => {
    await expect(writeTwin(entry, newFolder(), { clips: 5000, seed: 1, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_CLIPS', message: '5000 clips; a twin of penn-action has 1 to 1027' })
  })

  test('a data set of another layout', async () => {
    await expect(writeTwin({ ...entry, name: 'mine', adapter: 'other' }, newFolder(), { clips: 1, seed: 1, frames: false })).rejects.toMatchObject({
      code: 'E_TWIN_DATASET', message: 'there is no twin of "mine": its layout is other, its skeleton penn-13', hint: 'there is one of: penn-action' })
  })
})

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'posetta-twin-'))
}

async function readAll(folder: string): Promise<Clip[]> {
  const { items } = await pennAction.discover(entry, folder)
  return Promise.all(items.map(async (item) => {
    const clip = await pennAction.read(entry, folder, item)
    if (isQuarantined(clip)) throw new Error(clip.message)
    return clip
  }))
}

/** y of a joint that is somewhere, else null. */
function heightOf({ states, raw, joints }: Clip, frame: number, joint: number): number | null {
  return states![frame * joints + joint] === ABSENT ? null : raw![(frame * joints + joint) * 2 + 1]!
}
