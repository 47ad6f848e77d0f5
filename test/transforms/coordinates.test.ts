import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { coordinatesShape, setCoordinates } from '../../src/transforms/index.ts'
import { exampleClip } from './examples.ts'

/** One joint in a frame of 40 x 20 px over 5 frames of the recording 0, 1, 2, 4, 6; `null` = absent. */
function pathOf(...places: readonly (readonly [number, number] | null)[]): Clip {
  const keypoints = Float32Array.from(places.flatMap((place) => (place === null ? [NaN, NaN, 0] : [...place, 0.5])))
  return { ...exampleClip({ frames: places.length }), joints: 1, width: 40, height: 20, keypoints, states: null, time: Float32Array.of(0, 1, 2, 4, 6) }
}

/** Rows of numbers, one per frame. */
function numbersOf(clip: Clip, options: Partial<Parameters<typeof setCoordinates>[1]> = {}, room = clip.frames): number[][] {
  const spec = { persons: 1, unit: 'frame', absent: 'interpolated', ...options } as const
  const [frames, persons, joints, width] = coordinatesShape({ ...clip, frames: room }, spec) as [number, number, number, number]
  const out = new Float32Array(frames * persons * joints * width).fill(7)
  setCoordinates(clip, spec, out)
  return Array.from({ length: frames }, (_, frame) => Array.from(out.subarray(frame * persons * joints * width, (frame + 1) * persons * joints * width)))
}

describe('coordinates', () => {
  const path = pathOf(null, [20, 10], null, [40, 0], null)

  test('count from the centre of the frame in halves of its longer side, or in px; what is beyond the clip is 0', () => {
    expect(numbersOf(pathOf([20, 10], [0, 20], [40, 0], [30, 5], [20, 20]), {}, 6)).toEqual([[0, 0, 0.5, 0], [-1, 0.5, 0.5, 0], [1, -0.5, 0.5, 0], [0.5, -0.25, 0.5, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 0]])
    expect(numbersOf(pathOf([20, 10], [0, 20], [40, 0], [30, 5], [20, 20]), { unit: 10 })[1]).toEqual([-2, 1, 0.5, 0])
  })

  test('of absent joints lie on a line in time, at the ends with the nearest, without confidence and marked', () => {
    // between times 1 and 4, time 2 is a third of the way
    expect(numbersOf(path).flat()).toBeAllclose([0, 0, 0, 1, 0, 0, 0.5, 0, 1 / 3, -1 / 6, 0, 1, 1, -0.5, 0.5, 0, 1, -0.5, 0, 1], { rtol: 1e-6, atol: 1e-7 })
  })

  test('of absent joints are 0 where they are not filled in, or never there; so are those of persons who are not there', () => {
    expect(numbersOf(path, { absent: 'zero' }).map(([x, y, , absent]) => [x, y, absent])).toEqual([[0, 0, 1], [0, 0, 0], [0, 0, 1], [1, -0.5, 0], [0, 0, 1]])
    expect(numbersOf(pathOf(null, null, null, null, null))[2]).toEqual([0, 0, 0, 1])
    expect(numbersOf(path, { persons: 2 })[1]).toEqual([0, 0, 0.5, 0, 0, 0, 0, 1])
  })

  test('of three dimensions have a depth that is counted from 0', () => {
    const clip = { ...path, dims: 3 as const, keypoints: Float32Array.from([1, 2, 3, 4, 5].flatMap((z) => [20, 10, z, 1])) }
    expect(numbersOf(clip, { unit: 2 })).toEqual([1, 2, 3, 4, 5].map((z) => [0, 0, z / 2, 1, 0]))
  })
})
