import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { sizeOf } from '../../src/tensor.ts'
import { heatmapsExactly } from '../../src/transforms/heatmap-oracle.ts'
import { createHeatmapKernel } from '../../src/transforms/heatmap-kernel.ts'
import { heatmapShape, type HeatmapSpec } from '../../src/transforms/heatmap-spec.ts'
import { heatmaps } from '../../src/transforms/heatmaps.ts'
import { createMemory } from '../../src/wasm.ts'
import { exampleClip, exampleClips, skeleton } from './examples.ts'

const kernel = createHeatmapKernel()
const spec: HeatmapSpec = { skeleton, channels: 'both', size: 32, sigma: 0.5, patch: null }

/** Clips as no data set should have them: joints on the rim, outside, far outside, on top of one another, not located, infinite, faint, more than certain. */
function anyClip(random: Random): Clip {
  const [frames, persons] = [1 + random.integer(3), 1 + random.integer(3)]
  const [width, height] = [random.between(10, 700), random.between(10, 700)]
  const keypoints = Float32Array.from({ length: frames * persons * 15 })
  for (let at = 0; at < keypoints.length; at += 3) {
    const place = (extent: number): number => [
      () => random.between(0, extent), () => random.between(-0.3, 1.3) * extent, () => [0, extent, extent / 2][random.integer(3)]!,
      () => random.between(-40, 40) * extent, () => [NaN, Infinity, -Infinity, 1e30, -1e12][random.integer(5)]!, () => keypoints[Math.max(0, at - 3)]!,
    ][[0, 0, 0, 0, 1, 1, 2, 3, 4, 5][random.integer(10)]!]!()
    keypoints.set([place(width), place(height), [0, 0.0005, 0.001, 0.5, 0.5, 0.9, 1, 1, 1, 3][random.integer(10)]!], at)
  }
  return { ...exampleClip({ frames }), width, height, persons, keypoints }
}

function anySpec(random: Random): HeatmapSpec {
  const size = [1, 3, 4, 7, 8, 12, 16, 24, 30, 32, 35][random.integer(11)]!
  const patches = [null, ...Array.from({ length: size }, (_, i) => i + 1).filter((patch) => size % patch === 0)]
  return {
    skeleton, channels: (['joint', 'limb', 'both'] as const)[random.integer(3)]!, size, sigma: random.between(0.2, 2.5),
    patch: patches[random.integer(patches.length)]!, ...(random.uniform() < 0.3 ? { reach: random.between(0.5, 6) } : {}),
    ...(random.uniform() < 0.3 ? { limbs: [['left hand', 'right foot'], ['head', 'left foot']] as const } : {}),
  }
}

const bitsOf = (data: Float32Array | Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
const equal = (a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean => bitsOf(a).equals(bitsOf(b))

describe('the kernel gives the same bits as its twin in TypeScript', () => {
  test.each(['floats', 'bytes'])('%s of 1,000 clips and specifications drawn at random', (kind) => {
    const differing: unknown[] = []
    for (let i = 0; i < 1000; i++) {
      const random = randomAt({ seed: 11 }).fork(i)
      const [clip, spec] = [anyClip(random), anySpec(random)]
      const length = sizeOf(heatmapShape(clip.frames, spec))
      const make = (): Float32Array | Uint8Array => (kind === 'bytes' ? new Uint8Array(length).fill(7) : new Float32Array(length).fill(7))
      const [drawn, expected] = [make(), heatmaps(clip, spec, make()).data]
      kernel.draw(clip, spec, drawn)
      if (!equal(drawn, expected)) differing.push({ i, ...spec, skeleton: null })
    }
    expect(differing).toEqual([])
  })

  test.each([[{}], [{ patch: 8 }], [{ size: 56, sigma: 0.6 }], [{ size: 64, sigma: 2, channels: 'joint' as const }]])('example clips, %j', (change) => {
    for (const clip of exampleClips) {
      const asked = { ...spec, ...change }
      const drawn = new Float32Array(sizeOf(heatmapShape(clip.frames, asked)))
      kernel.draw(clip, asked, drawn)
      expect(equal(drawn, heatmaps(clip, asked).data)).toBe(true)
    }
  })
})

test('is within 1e-6 of the formula in doubles, for 250 clips and specifications', () => {
  let worst = 0
  for (let i = 0; i < 250; i++) {
    const random = randomAt({ seed: 12 }).fork(i)
    const spec = { ...anySpec(random), patch: null, reach: Math.sqrt(28.2) }
    const clip = withoutWonders(anyClip(random))
    const drawn = new Float32Array(sizeOf(heatmapShape(clip.frames, spec)))
    kernel.draw(clip, spec, drawn)
    const exact = heatmapsExactly(clip, spec)
    drawn.forEach((value, at) => { worst = Math.max(worst, Math.abs(value - exact[at]!)) })
  }
  expect(worst).toBeLessThan(1e-6)
})

/** Infinite and absurdly far coordinates, and confidence above 1, are left out: the formula knows no such joint. */
function withoutWonders(clip: Clip): Clip {
  const keypoints = clip.keypoints!.slice()
  for (let at = 0; at < keypoints.length; at += 3) {
    if (!(Math.abs(keypoints[at]! + keypoints[at + 1]!) < 1e9)) keypoints[at + 2] = 0
    keypoints[at + 2] = Math.min(1, keypoints[at + 2]!)
  }
  return { ...clip, keypoints }
}

test('a byte is 255 times the float, rounded, halves up', () => {
  const clip = exampleClip()
  const [floats, bytes] = [new Float32Array(12 * 9 * 1024), new Uint8Array(12 * 9 * 1024)]
  kernel.draw(clip, spec, floats)
  kernel.draw(clip, spec, bytes)
  expect(bytes).toEqual(Uint8Array.from(floats, (value) => Math.floor(Math.fround(Math.fround(value * 255) + 0.5))))
})

test('a map that reaches 3 sigma is 0 beyond, and within a hundredth of the whole one', () => {
  const near = new Float32Array(12 * 9 * 1024)
  kernel.draw(exampleClip(), { ...spec, sigma: 2, reach: 3 }, near)
  const whole = heatmaps(exampleClip(), { ...spec, sigma: 2 }).data
  const lost = whole.map((value, at) => value - near[at]!)
  expect(Math.max(...lost)).toBeLessThan(Math.exp(-4.5) + 1e-6)
  expect(near.filter((value) => value > 0).length).toBeLessThan(0.6 * whole.filter((value) => value > 0).length)
})

describe('a memory that is shared', () => {
  const scratch = { start: 65536, end: 2 * 65536 }
  const memory = createMemory(2 ** 22)
  const length = 12 * 9 * 1024

  test('is drawn into where the maps lie, and nowhere else', () => {
    const everything = new Uint8Array(memory.buffer).fill(9)
    const out = new Float32Array(memory.buffer, 2 ** 20, length)
    createHeatmapKernel(memory, scratch).draw(exampleClip(), spec, out)
    expect(equal(out, heatmaps(exampleClip(), spec).data)).toBe(true)
    const untouched = [everything.subarray(0, scratch.start), everything.subarray(scratch.end, out.byteOffset), everything.subarray(out.byteOffset + out.byteLength)]
    expect(untouched.every((bytes) => bytes.every((byte) => byte === 9))).toBe(true)
  })

  test('is not needed: any other array is filled too', () => {
    const out = new Float32Array(length)
    createHeatmapKernel(memory, scratch).draw(exampleClip(), spec, out)
    expect(equal(out, heatmaps(exampleClip(), spec).data)).toBe(true)
  })

  test('may have so little scratch that one frame is drawn at a time, but not less', () => {
    const out = new Float32Array(memory.buffer, 2 ** 20, length)
    const clip = exampleClip()
    createHeatmapKernel(memory, { start: 0, end: 5900 }).draw(clip, spec, out)
    expect(equal(out, heatmaps(clip, spec).data)).toBe(true)
    expect(() => createHeatmapKernel(memory, { start: 0, end: 5000 }).draw(clip, spec, out)).toThrow('a scratch region of 5000 bytes, example/1 needs 5')
  })
})

test.each([0, 4])('what is longer than the clip is emptied behind it, frames %d', (frames) => {
  const out = new Float32Array(7 * 9 * 1024).fill(5)
  const clip = { ...exampleClip({ frames: 4 }), frames }
  kernel.draw(clip, spec, out)
  expect(equal(out.subarray(0, frames * 9 * 1024), heatmaps(clip, spec).data)).toBe(true)
  expect(out.subarray(frames * 9 * 1024).every((value) => value === 0)).toBe(true)
})

test('a clip of labels only has empty maps, and what is too short is refused', () => {
  const clip = { ...exampleClip(), keypoints: null, states: null }
  const out = new Float32Array(12 * 9 * 1024).fill(5)
  kernel.draw(clip, spec, out)
  expect(out.every((value) => value === 0)).toBe(true)
  expect(() => kernel.draw(clip, spec, new Float32Array(7))).toThrow('shape [12, 9, 32, 32] holds 110592 numbers, the data 7')
})
