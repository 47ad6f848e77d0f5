import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import { crop, dropJoints, jittered, mirrored, rotated, scaled, squareOf, translate, withoutPoints } from '../../src/transforms/index.ts'
import { absent, exampleClip, jointAt, skeleton } from './examples.ts'

/** One frame of 100 x 60 px: head, left and right hand, left and right foot. */
const still: Clip = {
  ...exampleClip({ frames: 1 }), width: 100, height: 60,
  keypoints: new Float32Array([50, 5, 1, 30, 20, 1, 70, 25, 0.5, 40, 55, 1, NaN, NaN, 0]),
  states: new Uint8Array([0, 0, 1, 0, 2]), boxes: new Float32Array([25, 2, 75, 58]),
}
const random = randomAt({ seed: 1 })

test('a mirror puts x at W - x, and the right hand where the left was', () => {
  const { keypoints, states, boxes } = mirrored(still, skeleton)
  expect(keypoints).toEqual(new Float32Array([50, 5, 1, 30, 25, 0.5, 70, 20, 1, NaN, NaN, 0, 60, 55, 1]))
  expect(states).toEqual(new Uint8Array([0, 1, 0, 2, 0]))
  expect(boxes).toEqual(new Float32Array([25, 2, 75, 58]))
})

test('a quarter turn about the centre (50, 30) takes the point above it to its right', () => {
  expect(jointAt(rotated(still, 90), 0, 0)).toBeAllclose([75, 30, 1])
  expect(rotated(still, 90).boxes).toBeAllclose([22, 5, 78, 55], { atol: 1e-5 })
})

test('scaling by 2 doubles the distance to the centre (50, 30)', () => {
  expect(jointAt(scaled(still, 2), 0, 1)).toEqual([10, 10, 1])
  expect(scaled(still, 2).boxes).toEqual(new Float32Array([0, -26, 100, 86]))
})

test('translation moves all joints and the box by one shift, at most a tenth of the frame', () => {
  for (let i = 0; i < 100; i++) {
    const made = translate()(still, random.fork(i))
    const [dx, dy] = [made.keypoints![0]! - 50, made.keypoints![1]! - 5]
    expect(Math.abs(dx) <= 10 && Math.abs(dy) <= 6).toBe(true)
    expect(jointAt(made, 0, 3)).toBeAllclose([40 + dx, 55 + dy, 1])
    expect(made.boxes).toBeAllclose([25 + dx, 2 + dy, 75 + dx, 58 + dy])
  }
})

test('jitter has the asked deviation and leaves confidence alone', () => {
  const clip = { ...exampleClip({ frames: 4000 }), keypoints: new Float32Array(4000 * 15) }
  const { keypoints } = jittered(clip, 3, random)
  const squares = keypoints!.reduce((sum, value, i) => sum + (i % 3 < 2 ? value ** 2 : 0), 0)
  expect(Math.sqrt(squares / (4000 * 10))).toBeAllclose(3, { rtol: 0.02 })
  expect(keypoints!.every((value, i) => i % 3 < 2 || value === 0)).toBe(true)
})

test('jitter of the other joints does not depend on which are absent', () => {
  const clip = exampleClip()
  const fewer = jittered(withoutPoints(clip, [{ point: 2, start: 0, end: clip.frames }]), 2, randomAt({ seed: 3 }))
  expect(jointAt(fewer, 7, 4)).toEqual(jointAt(jittered(clip, 2, randomAt({ seed: 3 })), 7, 4))
})

describe('drop joints', () => {
  const clip = { ...exampleClip({ frames: 30 }), keypoints: new Float32Array(30 * 15).fill(1), states: new Uint8Array(150) }
  const runs = Array.from({ length: 2000 }, (_, i) => {
    const gone = absent(dropJoints({ share: 0.3, probability: 1 })(clip, random.fork(i)))
    return Array.from({ length: 5 }, (_, joint) => gone.filter((_, point) => point % 5 === joint).map(Number).join(''))
  }).flat()

  test('drops each joint with chance `share`, in half of the cases for the whole sequence', () => {
    expect(runs.filter((run) => run.includes('1')).length / runs.length).toBeAllclose(0.3, { atol: 0.02 })
    const whole = runs.filter((run) => !run.includes('0')).length / runs.filter((run) => run.includes('1')).length
    expect(whole).toBeAllclose(0.5, { atol: 0.03 })
  })
  test('drops one run of frames otherwise', () => {
    expect(runs.every((run) => /^0*1*0*$/.test(run))).toBe(true)
  })
})

describe('crop', () => {
  test('counts from the corner of the square around all located joints, occluded ones too, enlarged by a quarter', () => {
    // tight box 30..70 x 5..55: longer side 50, side 62.5 about (50, 30)
    expect(squareOf(still, 0.25)).toEqual({ x: 18.75, y: -1.25, side: 62.5 })
    const made = crop()(still, random)
    expect([made.width, made.height, ...jointAt(made, 0, 0)]).toEqual([62.5, 62.5, 31.25, 6.25, 1])
    expect(made.boxes).toEqual(new Float32Array([6.25, 3.25, 56.25, 59.25]))
  })
  test('takes joints outside the frame as they are', () => {
    expect(squareOf({ ...still, keypoints: new Float32Array([-20, 0, 1, 120, 10, 1]) }, 0)).toEqual({ x: -20, y: -65, side: 140 })
  })
  test('is at least 10 px wide, so that a single joint does not become a whole image', () => {
    expect(squareOf({ ...still, keypoints: new Float32Array([50, 30, 1]) }, 0.25)).toEqual({ x: 43.75, y: 23.75, side: 12.5 })
  })
  test('has a least side in the unit of the clip: a body of 1.6 m keeps its box, and a point has one of .125 m', () => {
    const body = { ...still, unit: 'm', dims: 3, keypoints: new Float32Array([0, -1, 3, 1, 0, 0.6, 3, 1]) } as const
    expect(squareOf(body, 0.25).side).toBeAllclose(2, { rtol: 1e-6 })
    expect(squareOf({ ...body, keypoints: new Float32Array([0, -1, 3, 1]) }, 0.25).side).toBe(0.125)
    expect(squareOf({ ...body, unit: 'cm', keypoints: new Float32Array([0, -1, 3, 1]) }, 0.25).side).toBe(12.5)
  })
  test('is the square around the frame when no joint is located or there are labels only', () => {
    expect(squareOf({ ...still, keypoints: new Float32Array([NaN, NaN, 0]) }, 0.25)).toEqual({ x: 0, y: -20, side: 100 })
    expect(squareOf({ ...still, keypoints: null }, 0.25)).toEqual({ x: 0, y: -20, side: 100 })
  })
})
