import { describe, expect, test } from 'vitest'
import { ABSENT, OCCLUDED } from '../../src/clip.ts'
import { confidenceCliff } from '../../src/validate/checks/confidence-cliff.ts'
import { confidenceRange } from '../../src/validate/checks/confidence-range.ts'
import { constantConfidence } from '../../src/validate/checks/constant-confidence.ts'
import { jointNeverObserved } from '../../src/validate/checks/joint-never-observed.ts'
import { noObservedJoint } from '../../src/validate/checks/no-observed-joint.ts'
import { nonFinite } from '../../src/validate/checks/non-finite.ts'
import { offImage } from '../../src/validate/checks/off-image.ts'
import { flawsOf, placesOf, walk } from './walker.ts'

const messages = (...args: Parameters<typeof flawsOf>): string[] => flawsOf(...args).map(({ message }) => message)

describe('confidence-cliff', () => {
  const low = (start: number, end: number, confidence = 0.25) => walk(12, { change: (cell, frame) => { if (frame >= start && frame < end) cell.confidence = confidence } })

  test('from the fall to the rise', () => {
    expect(flawsOf(confidenceCliff, low(4, 7))).toEqual([{
      person: null, start: 4, end: 7, joints: [], value: 0.75, limit: 0.3, message: 'the mean confidence of the located joints is 0.75 lower in frames 4 to 6 than beside them' }])
  })

  test('to the end, and from the beginning', () => {
    expect([low(9, 12), low(0, 2)].flatMap((clip) => placesOf(flawsOf(confidenceCliff, clip)))).toEqual(['9-12', '0-2'])
  })

  test('a slow decline is none, nor one joint of five', () => {
    expect(flawsOf(confidenceCliff, walk(12, { change: (cell, frame) => { cell.confidence = 1 - frame / 12 } }))).toEqual([])
    expect(flawsOf(confidenceCliff, walk(12, { change: (cell, frame, joint) => { if (frame > 5 && joint === 'hip') cell.confidence = 0 } }))).toEqual([])
  })

  test('absent joints have no confidence to lose', () => {
    expect(flawsOf(confidenceCliff, walk(12, { change: (cell, frame, joint) => { if (frame > 5 && joint !== 'hip') cell.state = ABSENT } }))).toEqual([])
  })
})

describe('confidence-range', () => {
  test('beyond 0 and 1, or no number', () => {
    const clip = walk(6, { change: (cell, frame, joint) => { if (joint === 'hip') cell.confidence = [1, 1.5, -0.5, 1, 1, NaN][frame]! } })
    expect(messages(confidenceRange, clip)).toEqual(['the confidence of hip is 1.5 in frames 1 to 2', 'the confidence of hip is NaN in frame 5'])
    expect(flawsOf(confidenceRange, clip).map(({ value }) => value)).toEqual([1.5, null])
  })
})

describe('constant-confidence', () => {
  test('of a detector; annotators give none', () => {
    expect(messages(constantConfidence, walk(4, { source: 'openpose' }))).toEqual(['every located joint has the confidence 1'])
    expect(messages(constantConfidence, walk(4, { source: 'manual' }))).toEqual([])
    expect(messages(constantConfidence, walk(4, { source: 'openpose', change: (cell, frame) => { cell.confidence = frame === 0 ? 0.5 : 1 } }))).toEqual([])
  })
})

describe('no-observed-joint, joint-never-observed', () => {
  test('frames in which all joints are hidden or absent', () => {
    const clip = walk(6, { change: (cell, frame, joint) => { if (frame === 1 || frame === 2) cell.state = joint === 'hip' ? OCCLUDED : ABSENT } })
    expect(flawsOf(noObservedJoint, clip)).toEqual([{ person: null, start: 1, end: 3, joints: [], value: 2, limit: 0, message: 'no joint is observed in frames 1 to 2' }])
    expect(flawsOf(jointNeverObserved, clip)).toEqual([])
  })

  test('every frame', () => {
    const clip = walk(6, { change: (cell) => { cell.state = OCCLUDED } })
    expect(messages(noObservedJoint, clip)).toEqual(['no joint is observed in 6 of 6 frames'])
    expect(flawsOf(jointNeverObserved, clip)).toEqual([])
  })

  test('annotated here and there: one finding', () => {
    const clip = walk(6, { change: (cell, frame) => { if (frame % 3 !== 0) cell.state = ABSENT } })
    expect(flawsOf(noObservedJoint, clip)).toEqual([{ person: null, start: null, end: null, joints: [], value: 4, limit: 0, message: 'no joint is observed in 4 of 6 frames' }])
  })

  test('joints that are hidden or absent throughout', () => {
    const clip = walk(6, { change: (cell, _, joint) => { if (joint === 'hip') cell.state = ABSENT; else if (joint === 'left_foot') cell.state = OCCLUDED } })
    expect(flawsOf(jointNeverObserved, clip)).toEqual([{ person: null, start: null, end: null, joints: ['hip', 'left_foot'], value: 2, limit: 0, message: 'never observed: hip, left_foot' }])
  })

  test('a clip of labels only has no joints to miss', () => {
    expect(flawsOf(noObservedJoint, walk(6, { keypoints: null, states: null, joints: 0, skeleton: null }))).toEqual([])
  })
})

describe('non-finite', () => {
  test('a located joint whose coordinate is no number', () => {
    expect(messages(nonFinite, walk(6, { change: (cell, frame, joint) => { if (frame > 3 && joint === 'hip') cell.y = Infinity } }))).toEqual(['hip is located in frames 4 to 5, but a coordinate is not a finite number'])
    expect(messages(nonFinite, walk(6, { change: (cell) => { cell.state = ABSENT } }))).toEqual([])
  })
})

describe('off-image', () => {
  const at = (x: number, y: number, change = {}) => walk(6, { speed: 0, change: (cell, frame, joint) => { if (frame === 2 && joint === 'hip') Object.assign(cell, { x, y, ...change }) } })

  test('by how many px', () => {
    expect(messages(offImage, at(484, 270))).toEqual(['hip lies up to 4.0 px outside the image of 480 x 270 in frame 2'])
    expect(messages(offImage, at(10, -2.5))).toEqual(['hip lies up to 2.5 px outside the image of 480 x 270 in frame 2'])
  })

  test('the edges belong to the image', () => {
    expect([at(0, 0), at(480, 270)].flatMap((clip) => messages(offImage, clip))).toEqual([])
  })

  test('hidden joints may be outside, and metres know no image', () => {
    expect([at(484, 0, { state: OCCLUDED }), { ...at(484, 0), unit: 'm' as const }, { ...at(484, 0), width: 0, height: 0 }].flatMap((clip) => messages(offImage, clip))).toEqual([])
  })
})
