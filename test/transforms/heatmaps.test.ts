import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import { crop } from '../../src/transforms/index.ts'
import { heatmapsExactly, jointValue, limbValue } from '../../src/transforms/heatmap-oracle.ts'
import type { HeatmapSpec } from '../../src/transforms/heatmap-spec.ts'
import { heatmaps } from '../../src/transforms/heatmaps.ts'
import { exampleClip, exampleClips, skeleton } from './examples.ts'

const spec: HeatmapSpec = { skeleton, channels: 'both', size: 32, sigma: 0.5, patch: null }
const point = (x: number, y: number, confidence = 1) => ({ x, y, confidence })

/** One frame of 32 x 32 px whose joint `joint` lies at grid point (x, y); the others are absent. */
function clipWith(joints: Record<number, [x: number, y: number, confidence: number]>): Clip {
  const keypoints = Float32Array.from({ length: 15 }, (_, i) => (i % 3 === 2 ? 0 : NaN))
  for (const [joint, [x, y, confidence]] of Object.entries(joints)) keypoints.set([x + 0.5, y + 0.5, confidence], Number(joint) * 3)
  return { ...exampleClip({ frames: 1 }), width: 32, height: 32, keypoints }
}
const pixel = (maps: Float32Array, channel: number, x: number, y: number) => maps[(channel * 32 + y) * 32 + x]!

const distance = (a: Float32Array, b: Float64Array) => a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0)

describe('golden numbers of numpy (golden.py beside the specification)', () => {
  test('joint at (10, 12), centre (10.3, 11.6), sigma .6, confidence .9', () => {
    expect(jointValue(10, 12, point(10.3, 11.6, 0.9), 0.6)).toBeAllclose(0.635983450071944, { rtol: 1e-14, atol: 0 })
    const { data } = heatmaps(clipWith({ 0: [10.3, 11.6, 0.9] }), { ...spec, sigma: 0.6 })
    expect(pixel(data, 0, 10, 12)).toBeAllclose(0.635983450071944, { atol: 1e-6, rtol: 0 })
  })
  test('limb (5, 5)-(12, 10), sigma .6, confidence .7, at (8, 9) and beyond its end at (4, 4)', () => {
    const limb = { a: point(5, 5, 0.7), b: point(12, 10, 0.9), sigma: 0.6 }
    expect(limbValue(8, 9, limb)).toBeAllclose(0.029346063455986893, { rtol: 1e-14, atol: 0 })
    expect(limbValue(4, 4, limb)).toBeAllclose(0.04352356681548142, { rtol: 1e-14, atol: 0 })
    const { data } = heatmaps(clipWith({ 0: [5, 5, 0.7], 1: [12, 10, 0.9] }), { ...spec, sigma: 0.6 })
    expect([pixel(data, 5, 8, 9), pixel(data, 5, 4, 4)]).toBeAllclose([0.029346063455986893, 0.04352356681548142], { atol: 1e-6, rtol: 0 })
  })
})

test.each([0.3, 0.5, 0.6, 1, 2.5])('maps in floats are within 1e-6 of the formula everywhere, sigma %d', (sigma) => {
  const random = randomAt({ seed: 8 })
  for (const [at, clip] of exampleClips.slice(0, 3).entries()) {
    const size = [16, 32, 56][at]!
    const cropped = crop({ padding: random.between(0, 0.5) })(clip, random)
    const exact = heatmapsExactly(cropped, { ...spec, size, sigma })
    const { data } = heatmaps(cropped, { ...spec, size, sigma })
    expect(distance(data, exact)).toBeLessThan(1e-6)
  }
})

test('limbs of every direction are within 1e-6 of the formula: upright, level, slanted, short, partly and wholly outside', () => {
  for (let i = 0; i < 150; i++) {
    const random = randomAt({ seed: 7 }).fork(i)
    const [x, y, length, turn] = [random.between(-8, 40), random.between(-8, 40), random.between(0, 30), random.integer(24) * (Math.PI / 12)]
    const clip = clipWith({ 0: [x, y, 1], 1: [x + length * Math.cos(turn), y + length * Math.sin(turn), 0.6] })
    const limb = { ...spec, channels: 'limb', sigma: random.between(0.3, 1.5) } as const
    const exact = heatmapsExactly(clip, limb)
    expect(distance(heatmaps(clip, limb).data, exact)).toBeLessThan(1e-6)
  }
})

test('a joint at the continuous point (7.5, 3.5) has its peak on the pixel of column 7, row 3', () => {
  const { data, shape } = heatmaps(clipWith({ 0: [7, 3, 1] }), spec)
  expect(shape).toEqual([1, 9, 32, 32])
  expect([pixel(data, 0, 7, 3), Math.max(...data)]).toEqual([1, 1])
})

test('limbs of one\'s own have the channels after the joints, in their order', () => {
  const clip = clipWith({ 1: [4, 6, 0.5], 3: [20, 6, 1], 4: [20, 26, 1] })
  const { data, shape } = heatmaps(clip, { ...spec, limbs: [['left foot', 'right foot'], ['left hand', 'left foot']] })
  expect(shape).toEqual([1, 7, 32, 32])
  // midway: feet at (20, 16), certain; hand and foot at (12, 6), as certain as the hand
  expect([pixel(data, 5, 20, 16), pixel(data, 5, 12, 6), pixel(data, 6, 20, 16), pixel(data, 6, 12, 6)]).toEqual([1, 0, 0, 0.5])
  expect(() => heatmaps(clip, { ...spec, limbs: [['head', 'tail']] })).toThrow(expect.objectContaining({ code: 'E_LIMBS', message: 'no joint of example-5 "tail"' }))
})

test('the clip\'s frame is scaled to the map', () => {
  const clip = { ...clipWith({ 0: [0, 0, 1] }), width: 64, height: 128 }
  clip.keypoints!.set([15, 14])
  expect(pixel(heatmaps(clip, spec).data, 0, 7, 3)).toBe(1)
})

test('an absent joint leaves its channel and every limb that ends in it empty', () => {
  const { data } = heatmaps(clipWith({ 1: [9, 9, 1], 2: [20, 9, 1] }), spec)
  const sums = Array.from({ length: 9 }, (_, channel) => data.subarray(channel * 1024, (channel + 1) * 1024).some((value) => value > 0))
  expect(sums).toEqual([false, true, true, false, false, false, false, false, false])
})

test('a joint below confidence .001 is not drawn', () => {
  expect(Math.max(...heatmaps(clipWith({ 0: [9, 9, 0.0009], 1: [9, 9, 0.0011] }), { ...spec, channels: 'joint' }).data)).toBeAllclose(0.0011)
})

test('an occluded joint has half the height, and its limbs too', () => {
  const { data } = heatmaps(clipWith({ 0: [9, 9, 0.5], 1: [20, 9, 1] }), spec)
  expect([pixel(data, 0, 9, 9), pixel(data, 1, 20, 9), pixel(data, 5, 15, 9)]).toBeAllclose([0.5, 1, 0.5], { atol: 1e-6 })
})

test('a limb shorter than a pixel is its first joint, with the first joint\'s confidence', () => {
  const { data } = heatmaps(clipWith({ 0: [9, 9, 0.9], 1: [9.6, 9.6, 0.2] }), spec)
  expect(data.slice(5 * 1024, 6 * 1024)).toEqual(data.slice(0, 1024))
})

test('two persons share a channel by the larger value', () => {
  const [one, other] = [clipWith({ 0: [9, 9, 0.6] }), clipWith({ 0: [10, 9, 1] })]
  const both = { ...one, persons: 2, keypoints: Float32Array.from([...one.keypoints!, ...other.keypoints!]) }
  const maps = [one, other, both].map((clip) => heatmaps(clip, spec).data)
  expect(maps[2]).toEqual(maps[0]!.map((value, i) => Math.max(value, maps[1]![i]!)))
})

test('channels are joints, limbs, or joints and then limbs', () => {
  const clip = exampleClip()
  const [both, joint, limb] = (['both', 'joint', 'limb'] as const).map((channels) => heatmaps(clip, { ...spec, channels }))
  expect([both!.shape[1], joint!.shape[1], limb!.shape[1]]).toEqual([9, 5, 4])
  expect(both!.data.slice(0, 5 * 1024)).toEqual(joint!.data.slice(0, 5 * 1024))
  expect(both!.data.slice(5 * 1024, 9 * 1024)).toEqual(limb!.data.slice(0, 4 * 1024))
})

test('patch order holds the same numbers: patches row by row, inside by channel, row, column', () => {
  const clip = exampleClip()
  const plain = heatmaps(clip, spec)
  const patched = heatmaps(clip, { ...spec, patch: 8 })
  expect(patched.shape).toEqual([12, 16, 9 * 64])
  const expected = new Float32Array(plain.data.length)
  let at = 0
  for (let t = 0; t < 12; t++) for (let py = 0; py < 4; py++) for (let px = 0; px < 4; px++)
    for (let c = 0; c < 9; c++) for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++)
      expected[at++] = plain.data[((t * 9 + c) * 32 + py * 8 + y) * 32 + px * 8 + x]!
  expect(patched.data).toEqual(expected)
})

test('a buffer that was used before is overwritten, and one that does not fit refused', () => {
  const clip = exampleClip()
  const used = new Float32Array(12 * 9 * 1024).fill(5)
  expect(heatmaps(clip, spec, used).data).toEqual(heatmaps(clip, spec).data)
  expect(() => heatmaps(clip, spec, new Float32Array(7))).toThrow('shape [12, 9, 32, 32] holds 110592 numbers, the data 7')
})

test('a clip of labels only has empty maps', () => {
  expect(heatmaps({ ...exampleClip(), keypoints: null, states: null }, spec).data.every((value) => value === 0)).toBe(true)
})

test.each([
  [{ size: 32.5 }, 'heatmaps of size 32.5 x 32.5: the size is a whole number of pixels'],
  ...[0, -1, 1e-30, NaN, Infinity].map((sigma) => [{ sigma }, `heatmaps with sigma ${sigma}: sigma is at least 0.001 pixels, and finite`] as [Partial<HeatmapSpec>, string]),
  [{ patch: 7 }, 'heatmaps of 32 x 32 do not divide into patches of 7 x 7'],
])('refuses %j', (change, message) => {
  expect(() => heatmaps(exampleClip(), { ...spec, ...change })).toThrow(message)
})
