import { beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { atFrames } from '../../src/eval/at-frames.ts'
import { corrupted } from '../../src/eval/corrupted.ts'
import { corruptionKind, corruptions, corruptionText, parseCorruption } from '../../src/eval/corruptions/index.ts'
import { randomAt } from '../../src/random.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { limbsOf } from '../../src/transforms/index.ts'
import { clipOf, encoderOf, oracle, rows } from './clips.ts'

let skeletons: readonly Skeleton[]
beforeAll(async () => {
  skeletons = entryOf(await readCatalog(), 'penn-action').skeletons
})

const shown = (name: string, level: number, clip: Clip) =>
  corruptionKind(name).corrupt(clip, { level, random: randomAt({ seed: 1, transform: name }), skeleton: skeletons[0]! })
/** Which of the frames' joints are absent; the x of a joint of a made clip is ten times its number. */
const absent = ({ keypoints }: Clip, frame: number) => Array.from({ length: 13 }, (_, joint) => joint).filter((joint) => Number.isNaN(keypoints![(frame * 13 + joint) * 3]!))
const isSwapped = ({ keypoints }: Clip, frame: number) => keypoints![(frame * 13 + 1) * 3] === 20 && keypoints![(frame * 13 + 2) * 3] === 10
const framesOf = ({ frames }: Clip, is: (frame: number) => boolean) => Array.from({ length: frames }, (_, frame) => frame).filter(is)

test('is read back as it was written, however small', () => {
  for (const text of ['missing=0.2', 'missing=.5', 'noise=0.0000001', 'noise=1e-7']) {
    const read = parseCorruption(text)
    expect(parseCorruption(corruptionText(read))).toEqual(read)
  }
  expect(parseCorruption('noise=0.0000001')).toEqual({ kind: 'noise', level: 1e-7 })
})

describe('what an encoder is shown', () => {
  test('missing joints: each with the chance of the level', () => {
    const { clip } = shown('missing', 0.3, clipOf('a', 400))
    const count = framesOf(clip, () => true).reduce((sum, frame) => sum + absent(clip, frame).length, 0)
    // 5,200 joints: deviation sqrt(5200 x .3 x .7) = 33
    expect(Math.abs(count - 1560)).toBeLessThan(4 * 33)
    expect(clip.states!.filter((state) => state === 2).length).toBe(count)
  })

  test('noise: a deviation of the level times the side of the box', () => {
    const clean = clipOf('a', 400, { place: (_, joint) => [joint * 10, joint * 20] })
    const { clip } = shown('noise', 0.1, clean)
    const squares = Array.from(clip.keypoints!, (value, at) => (value - clean.keypoints![at]!) ** 2)
    // the side is 240 px; 10,400 coordinates: the deviation is known within 4 x 24 / sqrt(2 x 10400) = .67
    expect(Math.abs(Math.sqrt(squares.reduce((sum, square) => sum + square) / 10_400) - 24)).toBeLessThan(0.67)
    expect(squares.filter((_, at) => at % 3 === 2).every((square) => square === 0)).toBe(true)
  })

  test('dropped frames: the share of them is gone, the rest in order', () => {
    const { clip, moments } = shown('dropped-frames', 0.3, clipOf('a', 41))
    expect([clip.frames, moments!.length]).toEqual([29, 29])
    expect(Array.from(clip.time)).toEqual(Array.from(moments!))
    expect(new Set(moments).size).toBe(29)
    expect(shown('dropped-frames', 1, clipOf('a', 41)).clip.frames).toBe(1)
  })

  test('time jitter: as many moments, in order and within the clip, about as far away as the level says', () => {
    const { clip, moments } = shown('time-jitter', 0.05, clipOf('a', 1000))
    expect([clip.frames, moments!.every((moment, i) => moment >= (moments![i - 1] ?? 0) && moment <= 999)]).toEqual([1000, true])
    expect(clip.keypoints![(500 * 13) * 3 + 2]).toBeAllclose(moments![500]! / 1000)
    // evenly spread before, so evenly spread after: the mean is that of U(0, 999), its deviation at most 50 / sqrt(1000)
    expect(Math.abs(moments!.reduce((sum, moment) => sum + moment / 1000, 0) - 499.5)).toBeLessThan(4 * 1.6)
    // displaced by far more than a frame, moments lie like those of a Poisson process: a gap is above 1 with chance 1 / e
    expect(Math.abs(moments!.filter((moment, i) => i > 0 && moment - moments![i - 1]! > 1).length - 1000 / Math.E)).toBeLessThan(4 * 15.3)
  })

  test('swapped sides: each frame with the chance of the level, or a run of them', () => {
    const { clip } = shown('swapped-frames', 0.3, clipOf('a', 400))
    // deviation sqrt(400 x .3 x .7) = 9.2
    expect(Math.abs(framesOf(clip, (frame) => isSwapped(clip, frame)).length - 120)).toBeLessThan(4 * 9.2)
    const { clip: other } = shown('swapped-run', 0.25, clipOf('a', 400))
    const run = framesOf(other, (frame) => isSwapped(other, frame))
    expect([run.length, run.at(-1)! - run[0]!]).toEqual([100, 99])
  })

  test('a missing limb: the whole of it, in a run of frames or in all', () => {
    const { clip } = shown('missing-limb', 0.5, clipOf('a', 40))
    const run = framesOf(clip, (frame) => absent(clip, frame).length > 0)
    expect([run.length, run.at(-1)! - run[0]!]).toEqual([20, 19])
    expect([[3, 5], [4, 6], [9, 11], [10, 12]]).toContainEqual(absent(clip, run[0]!))
    expect(new Set(run.map((frame) => absent(clip, frame).join())).size).toBe(1)
    const { clip: whole } = shown('missing-limb', 1, clipOf('a', 40))
    expect(framesOf(whole, (frame) => absent(whole, frame).length === 2).length).toBe(40)
  })
})

test('limbs run from the ends of a skeleton to where it branches: a wrist and its elbow, not the shoulder', async () => {
  expect(limbsOf(skeletons[0]!)).toEqual([[5, 3], [6, 4], [11, 9], [12, 10]])
  // ten fingers of four joints
  expect(limbsOf(entryOf(await readCatalog(), 'h2o').skeleton).map((limb) => limb.length)).toEqual(Array.from({ length: 10 }, () => 4))
})

describe('an encoder that is shown corrupted clips', () => {
  const clips = [20, 31, 12].map((frames, index) => clipOf(`${index}`, frames))
  const texts = ['missing=0.4', 'noise=0.05', 'missing-limb=0.5', 'swapped-frames=0.3', 'swapped-run=0.5', 'dropped-frames=0.4', 'time-jitter=0.05']

  test.each(texts)('%s is the same alone, in another order, and with another name', async (text) => {
    const sum = encoderOf('sum', ({ keypoints }, t) => Array.from(keypoints!.subarray(t * 39, (t + 1) * 39)).reduce((a, b, at) => a + at * (Number.isNaN(b) ? 1 : b), 0))
    const encoder = corrupted(sum, parseCorruption(text), { seed: 1, skeletons })
    const together = await encoder.embed(clips)
    expect(await encoder.embed([clips[2]!, { ...clips[0]!, id: 'view' }])).toEqual([together[2], together[0]])
    expect(together).not.toEqual(await sum.embed(clips))
    expect(together).not.toEqual(await corrupted(sum, parseCorruption(text), { seed: 2, skeletons }).embed(clips))
  })

  test.each(['dropped-frames', 'time-jitter'])('answers for every frame of the clip at its own place: %s', async (kind) => {
    const [found] = await corrupted(oracle, { kind, level: 0.2 }, { seed: 1, skeletons }).embed([clipOf('a', 400)])
    // the time of a frame is a line, so what lies between two shown frames is exact
    expect(found!.data.slice(100, 300)).toBeAllclose(Array.from({ length: 200 }, (_, t) => (t + 100) / 400))
  })

  test('of level 0 is the encoder, and every kind leaves the clip as it is, bit by bit', () => {
    const [clip] = [clipOf('a', 21)]
    for (const { name } of corruptions) {
      expect(corrupted(oracle, { kind: name, level: 0 }, { seed: 1, skeletons })).toBe(oracle)
      const same = shown(name, 0, clip!)
      expect([same.clip.keypoints, same.clip.states, same.moments ?? clip!.time]).toEqual([clip!.keypoints, clip!.states, same.moments === null ? clip!.time : Float64Array.from(clip!.time)])
    }
  })
})

test('embeddings of some moments are drawn linearly to all frames, held at the ends', () => {
  // numpy.interp(range(5), [1, 1.5, 4], [10, 20, 45])
  expect(Array.from(atFrames(5, [1, 1.5, 4], rows([10], [20], [45])).data)).toEqual([10, 10, 25, 35, 45])
})

test('reads a kind and a level, and says what there is', () => {
  expect(parseCorruption('time-jitter=.05')).toEqual({ kind: 'time-jitter', level: 0.05 })
  expect(() => parseCorruption('nose=0.1')).toThrow(expect.objectContaining({ message: 'no corruption "nose"', hint: expect.stringContaining('did you mean "noise"? There are: missing, noise, ') }))
  expect(() => parseCorruption('missing=2')).toThrow(expect.objectContaining({ message: '--corrupt missing=2 is not missing=LEVEL, a level of 0 to 1: share of joints', hint: 'for example missing=0.1' }))
})
