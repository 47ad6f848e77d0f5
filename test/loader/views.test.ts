import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { alignmentViews, createBuffers, embeddingBatch, viewOf } from '../../src/loader/index.ts'
import { randomAt } from '../../src/random.ts'
import { type Augmentation, crop, cutOnly, full, resample, window } from '../../src/transforms/index.ts'
import { heatmaps } from '../../src/transforms/heatmaps.ts'
import { exampleClip, exampleClips, skeleton } from '../transforms/examples.ts'
import { drawn, samplesOf } from './loaders.ts'

const spec = { heatmaps: { skeleton, channels: 'both', size: 16, sigma: 0.5, patch: 8 }, frames: 20 } as const
const perRow = 20 * 9 * 256
const flat = exampleClips.filter(({ persons, dims }) => persons === 1 && dims === 2)
const four = flat.slice(0, 4)
const samples = samplesOf(four, 3)
const none: Partial<Augmentation> = { cut: 0, tempo: 1, speed: 0 }

describe('alignmentViews', () => {
  test('rows b and b + B are two views of one clip, in the shapes of the contract', async () => {
    const { patches, mask, time, length } = await drawn(alignmentViews({ ...spec, seed: 1 }), samples)
    expect([patches!.shape, mask!.shape, time!.shape, length!.shape]).toEqual([[8, 20, 4, 9 * 64], [8, 20], [8, 20], [8]])
    const frames = four.map((clip) => clip.frames)
    expect(Array.from(length!.data)).toEqual([...frames, ...frames])
  })

  test('a view is drawn from (seed, epoch, clip, view) by the chain of its augmentation', async () => {
    const { patches, time } = await drawn(alignmentViews({ ...spec, seed: 1 }), samples)
    ;[cutOnly, full].forEach((augmentation, view) => four.forEach((clip, b) => {
      const row = view * 4 + b
      const seen = viewOf(augmentation, spec)(clip, randomAt({ seed: 1, epoch: 3, clip: clip.id, view }))
      const expected = heatmaps(seen, spec.heatmaps).data
      expect(patches!.data.slice(row * perRow, row * perRow + expected.length)).toEqual(expected)
      expect(time!.data.slice(row * 20, row * 20 + seen.frames)).toEqual(seen.time)
    }))
  })

  test('a view does not depend on the other samples of its batch', async () => {
    const many = (await drawn(alignmentViews({ ...spec, seed: 1 }), samples))['patches']!.data.slice(2 * perRow, 3 * perRow)
    expect((await drawn(alignmentViews({ ...spec, seed: 1 }), samplesOf([four[2]!], 3)))['patches']!.data.slice(0, perRow)).toEqual(many)
  })

  test('the mask marks frames, and patches and time are 0 in the padding, whatever the memory held', async () => {
    const recipe = alignmentViews({ ...spec, seed: 1 })
    for (const batch of [samples, samplesOf(four.toReversed(), 3)]) {
      const { patches, mask, time } = await drawn(recipe, batch)
      for (let row = 0; row < 8; row++) {
        const frames = mask!.data.subarray(row * 20, (row + 1) * 20).reduce((sum, one) => sum + one, 0)
        expect(Array.from(mask!.data.subarray(row * 20, (row + 1) * 20))).toEqual(Array.from({ length: 20 }, (_, t) => Number(t < frames)))
        expect(time!.data.subarray(row * 20 + frames, (row + 1) * 20).every((t) => t === 0)).toBe(true)
        expect(patches!.data.subarray(row * perRow + frames * 9 * 256, (row + 1) * perRow).every((value) => value === 0)).toBe(true)
      }
    }
  })

  test('a clip longer than T is thinned to T frames first, and time counts in the whole clip', async () => {
    const clip = exampleClip({ frames: 90 })
    const { time, mask, length } = await drawn(alignmentViews({ ...spec, seed: 1, first: none }), samplesOf([clip]))
    expect(time!.data.slice(0, 20)).toEqual(resample({ frames: 20 })(clip, randomAt({ seed: 0 })).time)
    expect([mask!.data.subarray(0, 20).every((one) => one === 1), length!.data[0]]).toEqual([true, 90])
  })

  test('the box is that of the cut: joints before and after do not widen it', async () => {
    const still = exampleClip({ frames: 12 })
    const jumping: Clip = { ...still, keypoints: still.keypoints!.map((value, i) => (i < 3 * 15 && i % 3 === 0 ? value + 4000 : value)) }
    const augmentation = { ...cutOnly, cut: 0.499 }
    const place = Array.from({ length: 50 }, (_, seed) => randomAt({ seed })).find((random) => viewOf(augmentation, spec)(jumping, random).time[0]! >= 3)!
    expect(viewOf(augmentation, spec)(jumping, place).width).toBeLessThan(420)
  })

  test('epochs and views differ, the same epoch does not', async () => {
    const recipe = alignmentViews({ ...spec, seed: 1 })
    const [a, b, c] = await Promise.all([0, 1, 0].map(async (epoch) => (await drawn(recipe, samplesOf([flat[5]!], epoch)))['patches']!.data))
    expect(a).toEqual(c)
    expect(a).not.toEqual(b)
    expect(a!.slice(0, perRow)).not.toEqual(a!.slice(perRow))
  })

  test('without augmentation both views are the embedding batch', async () => {
    const off: Partial<Augmentation> = { ...cutOnly, ...none }
    const { patches, mask } = await drawn(alignmentViews({ ...spec, seed: 1, first: off, second: off }), samplesOf([flat[1]!]))
    const plain = embeddingBatch([flat[1]!, flat[1]!], spec)
    expect([patches!.data, mask!.data]).toEqual([plain.patches.data, plain.mask.data])
  })

  test('first frames are numbered 0 by default, else 0 .. latestStart, each view by its own draw', async () => {
    const starts = async (latestStart: number) => Array.from((await drawn(alignmentViews({ ...spec, seed: 1, latestStart }), samples))['start']!.data)
    expect(await starts(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    const some = await starts(1000)
    expect(some.every((start) => Number.isInteger(start) && start >= 0 && start <= 1000)).toBe(true)
    expect(new Set(some).size).toBe(8)
  })
})

describe('embeddingBatch', () => {
  test('draws clips as they are in their own box', () => {
    const clip = flat[1]!
    const { patches, mask } = embeddingBatch([flat[0]!, clip], spec)
    const expected = heatmaps(crop()(clip, randomAt({ seed: 0 })), spec.heatmaps).data
    expect(patches.data.slice(perRow, perRow + expected.length)).toEqual(expected)
    expect(mask.data.slice(20)).toEqual(Float32Array.from({ length: 20 }, (_, t) => Number(t < clip.frames)))
  })
  test('fills up to a fixed number of rows with padding', () => {
    const buffers = createBuffers(1)
    embeddingBatch([flat[1]!, flat[1]!, flat[1]!], { ...spec, rows: 3 }, buffers)
    const { patches, mask } = embeddingBatch([flat[1]!], { ...spec, rows: 3 }, buffers)
    expect(patches.shape).toEqual([3, 20, 4, 576])
    expect([patches.data.subarray(perRow).some((value) => value !== 0), mask.data.subarray(20).some((one) => one !== 0)]).toEqual([false, false])
  })
  test('refuses a clip that is too long, and takes its windows', () => {
    const clip = exampleClip({ frames: 21 })
    expect(() => embeddingBatch([clip], spec)).toThrow('example/1 has 21 frames, the batch has room for 20')
    expect(embeddingBatch([window(clip, 0, 20), window(clip, 1, 21)], spec).mask.data.every((one) => one === 1)).toBe(true)
  })
})
