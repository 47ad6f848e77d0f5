import { expect, test } from 'vitest'
import { setGridPoints } from '../../src/transforms/grid-points.ts'
import { exampleClip } from './examples.ts'

/** Two frames of 320 x 240 px with two of five joints located. */
const clip = {
  ...exampleClip({ frames: 2 }),
  keypoints: Float32Array.from([[160, 120, 1], [NaN, NaN, 0], [5, 7.5, 0.5], [1, 1, 0.0005], [1e30, 0, 1], [320, 240, 1], [NaN, NaN, 0], [0, 0, 1], [9, 9, 0], [0, 0, 0]].flat()),
}

test('the middle of the picture is the middle of the grid, whose first pixel is at 0; joints that are not drawn are 0', () => {
  const out = new Float32Array(2 * 15).fill(7)
  setGridPoints(clip, { persons: 1, size: 32 }, out)
  expect([...out.subarray(0, 15)]).toEqual([15.5, 15.5, 1, 0, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0])
  expect([...out.subarray(15)]).toEqual([31.5, 31.5, 1, 0, 0, 0, -0.5, -0.5, 1, 0, 0, 0, 0, 0, 0])
})

test('persons who are not there and frames behind the clip are 0', () => {
  const out = new Float32Array(3 * 2 * 15).fill(7)
  setGridPoints(clip, { persons: 2, size: 32 }, out)
  expect(out.subarray(30, 33)).toEqual(Float32Array.of(31.5, 31.5, 1))
  expect([...out.subarray(15, 30), ...out.subarray(45)].every((value) => value === 0)).toBe(true)
})

test('more persons than there is room for are refused', () => {
  const three = exampleClip({ persons: 3 })
  expect(() => setGridPoints(three, { persons: 2, size: 32 }, new Float32Array(3 * 180))).toThrow(expect.objectContaining({
    code: 'E_LOADER_POINTS', message: 'example/1 has 3 persons, batches of points have room for 2', hint: '--set persons=3 makes room' }))
})
