import { describe, expect, test } from 'vitest'
import { readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { centreOf, parentsOf, partOf, spineOf } from '../../src/transforms/anatomy.ts'
import { streams, streamsShape, type StreamSpec } from '../../src/transforms/streams.ts'
import { exampleClip, exampleClips, skeleton } from './examples.ts'

const skeletons = new Map((await readCatalog()).entries.map(({ skeleton }) => [skeleton.name, skeleton]))
const skeletonOf = (name: string): Skeleton => skeletons.get(name)!
const names = (name: string, joints: readonly number[]) => joints.map((joint) => skeletonOf(name).joints[joint])

/** Two frames of 100 x 50 px: the head in the middle, then 10 px further right; the left hand 20 px below it; the others absent. */
const still: Clip = {
  ...exampleClip({ frames: 2 }), width: 100, height: 50,
  keypoints: new Float32Array([
    50, 25, 1, 50, 45, 0.5, NaN, NaN, 0, NaN, NaN, 0, NaN, NaN, 0,
    60, 25, 1, 60, 45, 0.5, 70, 5, 1, NaN, NaN, 0, NaN, NaN, 0,
  ]),
}
const spec: StreamSpec = { skeleton, streams: ['joint'], unit: 'clip', confidence: true }
const made = (change: Partial<StreamSpec>) => streams(still, { ...spec, ...change })

test('joints are the clip\'s, an absent one is 0', () => {
  expect(Array.from(made({}).data.slice(0, 9))).toEqual([50, 25, 1, 50, 45, 0.5, 0, 0, 0])
})
test('in the unit of the frame the centre is 0 and the edges are -1 and 1', () => {
  expect(made({ unit: 'frame' }).data.slice(0, 6)).toBeAllclose([0, 0, 1, 0, 0.8, 0.5])
})
test('a bone goes from the parent to the joint, with the mean confidence; the root has none', () => {
  expect(Array.from(made({ streams: ['bone'] }).data.slice(0, 9))).toEqual([0, 0, 1, 0, 20, 0.75, 0, 0, 0])
})
test('a skip goes from the parent\'s parent to the joint: 0 for the root and its children, who have none', () => {
  // a chain of four joints, 10, 20 and 40 px apart
  const chained: Skeleton = { name: 'chain', joints: ['a', 'b', 'c', 'd'], rawJoints: ['a', 'b', 'c', 'd'], edges: [[0, 1], [1, 2], [2, 3]], pairs: [] }
  const clip = { ...still, frames: 1, joints: 4, keypoints: new Float32Array([0, 0, 1, 10, 0, 0.5, 30, 0, 1, 70, 0, 0.5]), states: new Uint8Array(4) }
  expect(Array.from(streams(clip, { ...spec, skeleton: chained, streams: ['skip'] }).data)).toEqual([0, 0, 1, 0, 0, 0.5, 30, 0, 1, 60, 0, 0.5])
})
test('the skips of both arms of 20 joints are those of BRL\'s list: elbow, wrist and hand', () => {
  const parents = parentsOf(skeletonOf('ucla-20'))
  const grandparent = (joint: number) => parents[parents[joint]!]
  expect([5, 6, 7, 9, 10, 11].map(grandparent)).toEqual([2, 4, 5, 2, 8, 9])
})
test('motion goes to the next frame, and is 0 in the last one and where a joint is absent in one of the two', () => {
  const { data } = made({ streams: ['joint-motion'], confidence: false })
  expect(Array.from(data)).toEqual([10, 0, 10, 0, 0, 0, 0, 0, 0, 0, ...Array.from({ length: 10 }, () => 0)])
})
test('streams stand one after the other in the channels', () => {
  const both = made({ streams: ['joint', 'bone-motion'], confidence: false })
  expect(both.shape).toEqual([2, 1, 5, 4])
  expect(Array.from(both.data.slice(4, 8))).toEqual([50, 45, 0, 0])
})
test('motions of bones are differences of bones', () => {
  for (const clip of exampleClips.slice(0, 6)) {
    const bone = streams(clip, { ...spec, streams: ['bone'], confidence: false }).data
    const motion = streams(clip, { ...spec, streams: ['bone-motion'], confidence: false }).data
    const row = clip.persons * 5 * clip.dims
    const moving = Array.from(motion.keys()).filter((at) => motion[at] !== 0)
    expect(moving.length).toBeGreaterThan(0)
    expect(moving.map((at) => motion[at]!)).toBeAllclose(moving.map((at) => bone[at + row]! - bone[at]!), { atol: 1e-3 })
  }
})

describe('anatomy of the catalog\'s skeletons', () => {
  test.each([...skeletons.keys()])('%s hangs together in one tree', (name) => {
    const parents = parentsOf(skeletonOf(name))
    const roots = parents.filter((parent, joint) => parent === joint).length
    expect(roots).toBe(name === 'hands-42' ? 2 : 1)
  })
  test('the spine of 13 joints goes from between the shoulders to between the hips', () => {
    const { top, bottom } = spineOf(skeletonOf('penn-13'))
    expect([names('penn-13', top), names('penn-13', bottom)]).toEqual([['left_shoulder', 'right_shoulder'], ['left_hip', 'right_hip']])
  })
  test('the spine of a hand is CASA\'s: wrist and base of the thumb', () => {
    const { top, bottom } = spineOf(skeletonOf('hands-42'))
    expect([names('hands-42', top), names('hands-42', bottom)]).toEqual([['left_wrist'], ['left_thumb_1']])
  })
  test('the centre is the middle of the spine, as CTR-GCN\'s second joint is; else that of the hips; of a hand the wrist', () => {
    expect(['ntu-25', 'ucla-20', 'penn-13', 'coco-17', 'hands-42'].map((name) => names(name, centreOf(skeletonOf(name))).join(' ')))
      .toEqual(['spine_mid', 'spine', 'left_hip right_hip', 'left_hip right_hip', 'left_wrist'])
    expect([centreOf(skeletonOf('ntu-25')), centreOf(skeletonOf('ucla-20'))]).toEqual([[1], [1]])
  })
  test('parts of 13 joints', () => {
    const part = (name: Parameters<typeof partOf>[1]) => names('penn-13', partOf(skeletonOf('penn-13'), name)).join(' ')
    expect(part('arms')).toBe('right_shoulder left_shoulder right_elbow left_elbow right_wrist left_wrist')
    expect(part('legs')).toBe('right_hip left_hip right_knee left_knee right_ankle left_ankle')
    expect(part('left-arm')).toBe('left_shoulder left_elbow left_wrist')
    expect(part('trunk')).toBe('right_shoulder left_shoulder right_hip left_hip')
  })
  test('PSUMNet\'s parts of 25 joints: 13 of the arms, 9 of the legs', () => {
    expect([partOf(skeletonOf('ntu-25'), 'arms').length, partOf(skeletonOf('ntu-25'), 'legs').length]).toEqual([13, 9])
    expect(partOf(skeletonOf('hands-42'), 'left-hand').length).toBe(21)
  })
})

test('a part has the numbers of the whole at its joints', () => {
  const penn = skeletonOf('penn-13')
  const clip = { ...exampleClip({ frames: 3 }), skeleton: 'penn-13', joints: 13, keypoints: Float32Array.from({ length: 3 * 39 }, (_, i) => i), states: new Uint8Array(39) }
  const [whole, legs] = (['body', 'legs'] as const).map((part) => streams(clip, { ...spec, skeleton: penn, streams: ['joint', 'bone'], part }))
  expect(legs!.shape).toEqual([3, 1, 6, 6])
  partOf(penn, 'legs').forEach((joint, at) => expect(legs!.data.slice(at * 6, (at + 1) * 6)).toEqual(whole!.data.slice(joint * 6, (joint + 1) * 6)))
})

test('a part that a skeleton lacks is refused by name', () => {
  expect(() => streamsShape(still, { ...spec, skeleton: skeletonOf('hands-42'), part: 'legs' })).toThrow('the skeleton hands-42 has no part "legs"')
})
