import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip } from '../../../src/clip.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { nearDuplicates } from '../../../src/queries/near-duplicates/near-duplicates.ts'
import { type PoseTrack, poseTrack } from '../../../src/queries/near-duplicates/pose-track.ts'
import { randomAt } from '../../../src/random.ts'
import { mirrorOrder } from '../../../src/skeleton.ts'
import { readClips } from '../../../src/store/index.ts'
import { resampleAt } from '../../../src/transforms/resample.ts'

const entry = entryOf(await readCatalog(), 'penn-action')
const order = mirrorOrder(entry.skeleton)
let clips: readonly Clip[]

const folder = mkdtempSync(join(tmpdir(), 'posetta-near-'))

beforeAll(async () => {
  await writeTwin(entry, join(folder, 'raw'), { clips: 60, seed: 1, frames: false })
  await ingest({ entry, rawDir: join(folder, 'raw'), storeDir: join(folder, 'store'), jobs: 1 })
  clips = await readClips(join(folder, 'store'), 'penn-action')
})
afterAll(() => rmSync(folder, { recursive: true }))

const trackOf = ({ id, keypoints, frames }: Clip, stride = 1): PoseTrack | null =>
  poseTrack({ clip: id, person: 0, stride, frames, dims: 2, mirrorOrder: order, positions: keypoints!.filter((_, at) => at % 3 < 2) })

/** Every coordinate pair of a clip, moved. */
function moved(clip: Clip, move: (x: number, y: number, frame: number) => readonly [number, number]): Clip {
  const keypoints = clip.keypoints!.slice()
  for (let at = 0; at < keypoints.length; at += 3) keypoints.set(move(keypoints[at]!, keypoints[at + 1]!, Math.floor(at / 39)), at)
  return { ...clip, keypoints }
}

const atSpeed = (speed: number) => (clip: Clip): Clip => {
  const frames = Math.round(clip.frames / speed)
  return resampleAt(clip, Array.from({ length: frames }, (_, frame) => (frame * (clip.frames - 1)) / (frames - 1)), 'linear')
}
const cut = (start: number, end: number) => (clip: Clip): Clip =>
  resampleAt(clip, Array.from({ length: Math.round(end * clip.frames) - Math.round(start * clip.frames) }, (_, frame) => Math.round(start * clip.frames) + frame))
const mirrored = (clip: Clip): Clip =>
  ({ ...moved(clip, (x, y) => [clip.width - x, y]), keypoints: moved(clip, (x, y) => [clip.width - x, y]).keypoints!.map((_, at, all) => all[at - (at % 39) + 3 * order[Math.floor((at % 39) / 3)]! + (at % 3)]!) })
const noisy = (clip: Clip): Clip => {
  const random = randomAt({ seed: 3, clip: clip.id })
  return moved(clip, (x, y) => [x + 3 * random.normal(), y + 3 * random.normal()])
}
const gappy = (clip: Clip): Clip => {
  const random = randomAt({ seed: 4, clip: clip.id })
  return moved(clip, (x, y) => (random.chance(0.1) ? [NaN, NaN] : [x, y]))
}

/** The share of clips whose changed copy is found beside them and of all pairs found those that are a clip and its copy. */
function found(change: (clip: Clip) => Clip): { recall: number; precision: number } {
  const sources = clips.filter((clip) => change(clip).frames >= 16)
  const copies = sources.map((clip) => ({ ...change(clip), id: `copy of ${clip.id}` }))
  const tracks = [...sources, ...copies].map((clip) => trackOf(clip)).filter((track) => track !== null)
  const pairs = nearDuplicates(tracks, (first, second) => first.clip.startsWith('copy') !== second.clip.startsWith('copy'))
  const right = pairs.filter(({ first, second }) => second.clip === `copy of ${first.clip}`).length
  return { recall: right / sources.length, precision: right / pairs.length }
}

describe('a copy is found', () => {
  test.each<[string, (clip: Clip) => Clip]>([
    ['as it is', (clip) => clip],
    ['elsewhere and larger', (clip) => moved(clip, (x, y) => [1.7 * x - 40, 1.7 * y + 25])],
    ['under a camera that pans and zooms', (clip) => moved(clip, (x, y, frame) => [(1 + frame / 100) * x + 2 * frame, (1 + frame / 100) * y])],
    ['in the mirror', mirrored],
    ['at 1.4 times the speed', atSpeed(1.4)],
    ['at half the speed', atSpeed(0.5)],
    ['cut at both ends', cut(0.2, 0.8)],
    ['without the joints of one in ten places', gappy],
    ['with noise of 3 px', noisy],
    ['mirrored, slowed, cut and noisy', (clip) => noisy(cut(0.1, 0.9)(atSpeed(0.7)(mirrored(clip))))],
  ])('%s', (_, change) => {
    const { recall, precision } = found(change)
    expect(recall).toBeGreaterThanOrEqual(0.95)
    expect(precision).toBe(1)
  })
})

test('people who do the same thing are no copies of one another', () => {
  const tracks = clips.map((clip) => trackOf(clip)).filter((track) => track !== null)
  expect(nearDuplicates(tracks, () => true)).toEqual([])
})

test('what is found says where, in frames of each, and how', () => {
  const clip = clips.find(({ frames }) => frames >= 40)
  const tracks = [clip!, { ...mirrored(cut(0.25, 1)(clip!)), id: 'part' }].map((each) => trackOf(each)!)
  const start = Math.round(0.25 * clip!.frames)
  expect(nearDuplicates(tracks, () => true)).toMatchObject([{ isMirrored: true, a: [start, clip!.frames], b: [0, clip!.frames - start], distance: expect.closeTo(0, 2) }])
})

test('a clip at every second frame meets one at each', () => {
  const clip = clips.find(({ frames }) => frames >= 40)
  const half = trackOf(resampleAt(clip!, Array.from({ length: Math.floor(clip!.frames / 2) }, (_, frame) => 2 * frame)), 2)!
  expect(nearDuplicates([trackOf(clip!)!, half], () => true)).toMatchObject([{ isMirrored: false, distance: expect.closeTo(0, 1) }])
})

test('five joints are too few to tell people apart', () => {
  const clip = moved(clips[0]!, (x, y) => [x, y])
  const positions = clip.keypoints!.filter((_, at) => at % 3 < 2).map((value, at) => (Math.floor(at / 2) % 13 < 5 ? value : NaN))
  expect(poseTrack({ clip: 'five', person: 0, stride: 1, frames: clip.frames, dims: 2, mirrorOrder: order, positions })).toBeNull()
})
