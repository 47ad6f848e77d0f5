import { expect, test } from 'vitest'
import { poseOverlap } from '../../../src/queries/near-duplicates/pose-overlap.ts'

/** Points on a circle, one per frame, by their angles in degrees. */
const poses = (angles: readonly number[]) =>
  ({ frames: angles.length, size: 2, poses: Float32Array.from(angles.flatMap((angle) => [Math.cos(angle * Math.PI / 180), Math.sin(angle * Math.PI / 180)])) })
const range = (start: number, end: number, step = 1): number[] => Array.from({ length: Math.floor((end - start) / step) }, (_, i) => start + i * step)
const whole = poses(range(0, 120, 6))

test('what is the same overlaps from end to end', () => {
  expect(poseOverlap(whole, whole, 1e-4)).toEqual({ distance: 0, a: [0, 20], b: [0, 20] })
})

test('a part lies where it was cut', () => {
  expect(poseOverlap(poses(range(30, 90, 6)), whole, 1e-4)).toEqual({ distance: 0, a: [0, 10], b: [5, 15] })
})

test('of two cuts that share more than half of the shorter one, what they share', () => {
  expect(poseOverlap(poses(range(0, 90, 6)), poses(range(30, 120, 6)), 1e-4)).toEqual({ distance: 0, a: [5, 15], b: [0, 10] })
  expect(poseOverlap(poses(range(0, 72, 6)), poses(range(36, 120, 6)), 1e-4)).toBeNull()
})

test('half and double speed are the same movement, a third and backwards are not', () => {
  expect(poseOverlap(poses(range(0, 115, 3)), whole, 1e-4)).toMatchObject({ distance: expect.closeTo(0, 2), b: [0, 20] })
  expect(poseOverlap(poses(range(0, 120, 2)), whole, 1e-4)).toBeNull()
  expect(poseOverlap(poses(range(0, 120, 6).reverse()), whole, 1e-4)).toBeNull()
})

test('one frame that is wholly another does not part what belongs together', () => {
  const glitch = range(0, 120, 6).map((angle, frame) => (frame === 7 ? 250 : angle))
  expect(poseOverlap(poses(glitch), whole, 1e-3)).toMatchObject({ a: [0, 20], b: [0, expect.closeTo(20, -1)] })
})

test('the distance is the root mean square along the way: two degrees apart all along, but that the line between frames comes nearer', () => {
  const apart = 2 * Math.sin(Math.PI / 180)
  const radially = (scale: number) => ({ ...whole, poses: whole.poses.map((value) => value * scale) })
  expect(poseOverlap(radially(1 + apart), whole, 0.01)!.distance).toBeCloseTo(apart, 3)
})
