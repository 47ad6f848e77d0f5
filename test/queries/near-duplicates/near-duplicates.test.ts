import { beforeAll, describe, expect, test } from 'vitest'
import { leakPlants } from '../../../experiments/leak-plants.ts'
import { entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Clip } from '../../../src/clip.ts'
import { nearDuplicates } from '../../../src/queries/near-duplicates/near-duplicates.ts'
import { type PoseTrack, poseTrack } from '../../../src/queries/near-duplicates/pose-track.ts'
import { mirrorOrder } from '../../../src/skeleton.ts'
import { readClips } from '../../../src/store/index.ts'
import { resampleAt } from '../../../src/transforms/resample.ts'
import { twinStoreOnce } from '../../made-once.ts'

const entry = entryOf(await readCatalog(), 'penn-action')
const order = mirrorOrder(entry.skeleton)
let clips: readonly Clip[]

beforeAll(async () => { clips = await readClips(await twinStoreOnce('penn-action', { clips: 60, seed: 1, frames: false }), 'penn-action') })

const trackOf = ({ id, keypoints, frames }: Clip, stride = 1): PoseTrack | null =>
  poseTrack({ clip: id, person: 0, stride, frames, dims: 2, mirrorOrder: order, positions: keypoints!.filter((_, at) => at % 3 < 2) })

const plant = (name: string) => (clip: Clip): Clip => leakPlants.find((plant) => plant.name === name)!.change(clip, entry.skeleton)

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
  test.each(leakPlants.filter(({ name }) => name !== 'one wrist never annotated'))('$name', ({ name }) => {
    const { recall, precision } = found(plant(name))
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
  const tracks = [clip!, { ...plant('in the mirror')(plant('its last 60 %')(clip!)), id: 'part' }].map((each) => trackOf(each)!)
  const start = Math.round(0.4 * clip!.frames)
  expect(nearDuplicates(tracks, () => true)).toMatchObject([{ isMirrored: true, a: [start, clip!.frames], b: [0, clip!.frames - start], distance: expect.closeTo(0, 2) }])
})

test('a clip at every second frame meets one at each', () => {
  const clip = clips.find(({ frames }) => frames >= 40)
  const half = trackOf(resampleAt(clip!, Array.from({ length: Math.floor(clip!.frames / 2) }, (_, frame) => 2 * frame)), 2)!
  expect(nearDuplicates([trackOf(clip!)!, half], () => true)).toMatchObject([{ isMirrored: false, distance: expect.closeTo(0, 1) }])
})

test('five joints are too few to tell people apart', () => {
  const clip = clips[0]!
  const positions = clip.keypoints!.filter((_, at) => at % 3 < 2).map((value, at) => (Math.floor(at / 2) % 13 < 5 ? value : NaN))
  expect(poseTrack({ clip: 'five', person: 0, stride: 1, frames: clip.frames, dims: 2, mirrorOrder: order, positions })).toBeNull()
})

test('joints that are all at one point are no pose', () => {
  expect(poseTrack({ clip: 'point', person: 0, stride: 1, frames: 20, dims: 2, mirrorOrder: order, positions: new Float32Array(20 * 26).fill(123.4) })).toBeNull()
})
