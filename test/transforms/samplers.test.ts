import { describe, expect, test } from 'vitest'
import { randomAt } from '../../src/random.ts'
import { chainOf, type Step } from '../../src/transforms/index.ts'
import { exampleClip, jointAt, skeleton } from './examples.ts'

/** The original frames that a step takes of a clip of `frames` frames. */
function framesOf(step: Step, frames: number, seed = 1): number[] {
  return Array.from(chainOf([step], { skeleton, frames: 64 })(exampleClip({ frames }), randomAt({ seed })).time)
}
const seeds = Array.from({ length: 200 }, (_, seed) => seed)
const rises = (frames: readonly number[]) => frames.every((t, i) => i === 0 || t > frames[i - 1]!)
const evenOf = (frames: readonly number[]) => frames.filter((_, i) => i % 2 === 0)
const oddOf = (frames: readonly number[]) => frames.filter((_, i) => i % 2 === 1)

describe('offset-uniform (TCC, GTA)', () => {
  const alone: Step = { name: 'offset-uniform', context: 1 }
  test('takes 20 different frames from the second on, in order, each about equally often', () => {
    const counts = Array.from({ length: 31 }, () => 0)
    for (const seed of seeds) {
      const frames = framesOf(alone, 31, seed)
      expect([frames.length, frames[0]! >= 1, rises(frames)]).toEqual([20, true, true])
      for (const t of frames) counts[t]!++
    }
    for (const n of counts.slice(1)) expect(Math.abs(n / 200 - 20 / 30)).toBeLessThan(0.14)
  })
  test('a clip of 21 frames has just enough, one of 20 gives its first 20', () => {
    expect(framesOf(alone, 21)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(framesOf(alone, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })
  test('a shorter clip gives its last frame again and again', () => {
    expect(framesOf(alone, 5)).toEqual([0, 1, 2, 3, ...Array.from({ length: 16 }, () => 4)])
  })
  test('each frame comes after the one 15 before it, the first for those that have none', () => {
    const frames = framesOf({ name: 'offset-uniform' }, 100)
    expect(frames.length).toBe(40)
    expect(evenOf(frames)).toEqual(oddOf(frames).map((t) => Math.max(0, t - 15)))
    expect(oddOf(frames)).toEqual(framesOf(alone, 100))
  })
  test('a phase becomes as many as its frames stand apart', () => {
    const { labels } = chainOf([{ name: 'stride-all', every: 3, context: 2, stride: 6 }], { skeleton, frames: 64 })(exampleClip({ frames: 12 }), randomAt({ seed: 1 }))
    // frames 0 0 | 0 3 | 0 6 | 3 9 of a clip whose second phase begins at 6
    expect(labels.phases).toEqual([
      { start: 0, end: 5, label: 'up' }, { start: 5, end: 6, label: 'down' }, { start: 6, end: 7, label: 'up' }, { start: 7, end: 8, label: 'down' },
    ])
  })
})

test('stride-all takes every third frame, its past with it', () => {
  expect(framesOf({ name: 'stride-all', every: 3, context: 1 }, 8)).toEqual([0, 3, 6])
  expect(framesOf({ name: 'stride-all', every: 3, context: 3, stride: 2 }, 8)).toEqual([0, 0, 0, 0, 1, 3, 2, 4, 6])
})

test('anchors-and-positives: each anchor after one of the 5 frames before it, all of them drawn', () => {
  const gaps = new Set<number>()
  for (const seed of seeds) {
    const frames = framesOf({ name: 'anchors-and-positives', context: 1 }, 60, seed)
    expect([frames.length, rises(oddOf(frames))]).toEqual([40, true])
    oddOf(frames).forEach((t, i) => { if (t >= 5) gaps.add(t - evenOf(frames)[i]!) })
    expect(evenOf(frames).every((t, i) => t < oddOf(frames)[i]!)).toBe(true)
  }
  expect([...gaps].sort()).toEqual([1, 2, 3, 4, 5])
})

describe('segment-uniform (LAV)', () => {
  const alone: Step = { name: 'segment-uniform', frames: 4, context: 1 }
  test('takes one frame of each of 4 segments, every one of them at times', () => {
    const seen = Array.from({ length: 4 }, () => new Set<number>())
    for (const seed of seeds) framesOf(alone, 12, seed).forEach((t, i) => seen[i]!.add(t))
    expect(seen.map((set) => [...set].sort((a, b) => a - b))).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]])
  })
  test('a length that 4 does not divide is filled up from the front: 10 frames are 0 .. 9, 0, 1', () => {
    // so the fourth segment is 9, 0, 1; the chosen frames are put in order
    const drawn = new Set(seeds.map((seed) => framesOf(alone, 10, seed).filter((t) => t < 3 || t > 8).join(' ')))
    expect([...drawn].sort()).toEqual(['0 0', '0 1', '0 2', '0 9', '1 1', '1 2', '1 9', '2 9'])
    expect(seeds.every((seed) => framesOf(alone, 10, seed).filter((t) => t >= 3 && t < 9).length === 2)).toBe(true)
  })
  test('fewer frames than segments: the last again and again, or left out as VAOT masks them', () => {
    expect(framesOf(alone, 2)).toEqual([0, 1, 1, 1])
    expect(framesOf({ ...alone, overflow: 'mask' }, 2)).toEqual([0, 1])
    // LAV holds the last frame, and then goes back for its context: 1 and 1 - 2, where TCC has 3 - 2 and 3
    expect(framesOf({ ...alone, context: 2, stride: 2 }, 2)).toEqual([0, 0, 0, 1, 0, 1, 0, 1])
    expect(framesOf({ ...alone, context: 2, stride: 2, overflow: 'mask' }, 2)).toEqual([0, 0, 0, 1])
    expect(() => framesOf({ ...alone, overflow: 'masc' }, 2)).toThrow('step 0, segment-uniform: no value of overflow "masc"')
  })
})

describe('time-augment (CARL)', () => {
  test('takes at most 80 frames, in order, fewer where moments lie beyond the end', () => {
    for (const seed of seeds.slice(0, 50)) {
      const frames = framesOf({ name: 'time-augment' }, 120, seed)
      expect([frames.length <= 80, frames.length >= 40, rises(frames)]).toEqual([true, true, true])
    }
  })
  test('keeps 1 / r of the frames on average, r ~ U(1, 1.5): 2 ln 1.5 of them', () => {
    const counts = seeds.map((seed) => framesOf({ name: 'time-augment', frames: 60, region: 1.5 }, 60, seed).length)
    expect([Math.min(...counts) >= 30, Math.max(...counts) <= 60]).toEqual([true, true])
    expect(counts.reduce((sum, n) => sum + n, 0) / 200).toBeAllclose(60 * 2 * Math.log(1.5), { atol: 1.5 })
  })
  test('CARL\'s offset is 0 for both views whatever is drawn: a block is never shorter than its clip', () => {
    for (const [length, region, near] of [[10, 1, 0], [10, 1.5, 7], [300, 1.2, 299], [81, 1.001, 40]] as const) {
      const room = length - Math.ceil(region * length)
      const shift = Math.trunc(0.8 * Math.min(length, 80))
      const first = { low: 0, high: Math.max(room, 1) }
      const second = { low: Math.max(0, Math.min(room, near - shift)), high: Math.max(1, Math.min(room + 1, near + shift + 1)) }
      expect([first, second]).toEqual([{ low: 0, high: 1 }, { low: 0, high: 1 }])
    }
  })
})

describe('uniform-sample (PoseC3D)', () => {
  test('long clips: a random frame of each segment [floor(i L / n), floor((i + 1) L / n))', () => {
    const seen = Array.from({ length: 3 }, () => new Set<number>())
    for (const seed of seeds) framesOf({ name: 'uniform-sample', frames: 3 }, 10, seed).forEach((t, i) => seen[i]!.add(t))
    expect(seen.map((set) => [...set].sort((a, b) => a - b))).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8, 9]])
  })
  test('clips of less than twice the frames skip one at a time', () => {
    const all = new Set(seeds.map((seed) => framesOf({ name: 'uniform-sample', frames: 3 }, 4, seed).join('')))
    expect([...all].sort()).toEqual(['012', '013', '023', '123'])
  })
  test('shorter clips run on from their beginning, from any frame on', () => {
    const all = new Set(seeds.map((seed) => framesOf({ name: 'uniform-sample', frames: 5 }, 3, seed).join('')))
    expect([...all].sort()).toEqual(['01201', '12012', '20120'])
  })
  test('the middles of the segments', () => {
    expect(framesOf({ name: 'uniform-sample', frames: 3, choose: 'centre' }, 9)).toEqual([1, 4, 7])
    expect(framesOf({ name: 'uniform-sample', frames: 3, choose: 'centre' }, 6)).toEqual([0, 2, 4])
  })
  test('clips for testing are the same in every epoch and run, and differ from one another', () => {
    const clip = (which: number, seed: number) => framesOf({ name: 'uniform-sample', frames: 8, choose: 'fixed', clip: which }, 60, seed).join(' ')
    expect(clip(0, 1)).toBe(clip(0, 2))
    expect(new Set(Array.from({ length: 10 }, (_, which) => clip(which, 1))).size).toBe(10)
  })
  test('those of a short clip begin all over it', () => {
    expect([0, 1, 2].map((which) => framesOf({ name: 'uniform-sample', frames: 4, choose: 'fixed', clip: which, clips: 3 }, 3)[0])).toEqual([0, 1, 2])
  })
  test('of a part of the clip when low is below 1', () => {
    for (const seed of seeds) {
      const frames = framesOf({ name: 'uniform-sample', frames: 8, low: 0.25, high: 0.5 }, 80, seed)
      expect(frames.at(-1)! - frames[0]!).toBeLessThan(40)
    }
  })
})

describe('crop-resize (CTR-GCN)', () => {
  test('puts a part of at least 64 frames, or the whole clip, on the frames asked for', () => {
    for (const seed of seeds.slice(0, 50)) {
      const frames = framesOf({ name: 'crop-resize', frames: 16 }, 90, seed)
      const pace = frames[8]! - frames[7]!
      expect([frames.length, pace >= 64 / 16 - 1e-3, pace <= 90 / 16 + 1e-3]).toEqual([16, true, true])
    }
  })
  test('is torch\'s linear resize: 4 frames onto 8 and onto 2', () => {
    // F.interpolate(torch.arange(4.)[None, None], size=8 and 2, mode='linear', align_corners=False)
    expect(framesOf({ name: 'crop-resize', low: 1, high: 1, frames: 8 }, 4)).toEqual([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
    expect(framesOf({ name: 'crop-resize', low: 1, high: 1, frames: 2 }, 4)).toEqual([0.5, 2.5])
  })
  test('one share takes the middle: .5 of 8 frames are frames 2 to 5', () => {
    expect(framesOf({ name: 'crop-resize', low: 0.5, high: 0.5, frames: 4 }, 8)).toEqual([2, 3, 4, 5])
  })
})

describe('slow (CASA)', () => {
  test('puts means of neighbours after up to half of the frames', () => {
    for (const seed of seeds.slice(0, 50)) {
      const frames = framesOf({ name: 'slow' }, 20, seed)
      expect([frames.length <= 30, frames.filter(Number.isInteger).length >= 20]).toEqual([true, true])
      expect(frames.filter((t) => !Number.isInteger(t)).every((t) => t % 1 === 0.5)).toBe(true)
    }
  })
  test('a frame halfway has the mean of its neighbours', () => {
    const clip = { ...exampleClip({ frames: 2 }), keypoints: new Float32Array(30).fill(1), states: new Uint8Array(10) }
    clip.keypoints.set([10, 20, 1], 0)
    clip.keypoints.set([30, 60, 0.5], 15)
    const made = seeds.map((seed) => chainOf([{ name: 'slow', share: 1 }], { skeleton, frames: 64 })(clip, randomAt({ seed }))).find(({ time }) => time[1] === 0.5)!
    expect(jointAt(made, 1, 0)).toEqual([20, 40, 0.75])
  })
  test('never beyond T frames', () => {
    expect(seeds.map((seed) => framesOf({ name: 'slow', most: 22 }, 20, seed).length).every((n) => n <= 22)).toBe(true)
  })
})

test('temporal-flip: time runs backwards, and the phases with it', () => {
  const made = chainOf([{ name: 'temporal-flip', probability: 1 }], { skeleton, frames: 64 })(exampleClip({ frames: 5 }), randomAt({ seed: 1 }))
  expect(Array.from(made.time)).toEqual([4, 3, 2, 1, 0])
  expect(made.labels.phases).toEqual([{ start: 0, end: 3, label: 'down' }, { start: 3, end: 5, label: 'up' }])
})

test.each<[Step, string]>([
  [{ name: 'offset-uniform', frames: 0 }, 'step 0, offset-uniform: frames = 0 is not a whole number from 1'],
  [{ name: 'offset-uniform', context: 1.5 }, 'step 0, offset-uniform: context = 1.5 is not a whole number from 1'],
  [{ name: 'uniform-sample', clip: 10 }, 'step 0, uniform-sample: clip = 10 is not between 0 and 9'],
  [{ name: 'crop-resize', low: 0.9, high: 0.5 }, 'step 0, crop-resize: low = 0.9 is not between 0 and 0.5'],
  [{ name: 'resample', frames: 0 }, 'step 0, resample: frames = 0 is not a whole number from 1'],
  [{ name: 'tempo', fewest: 0, most: 0 }, 'step 0, tempo: fewest = 0 is not a whole number from 1'],
  [{ name: 'tempo', most: 0.5 }, 'step 0, tempo: most = 0.5 is not a whole number from 1'],
  [{ name: 'slow', most: 20.5 }, 'step 0, slow: most = 20.5 is not a whole number from 1'],
  [{ name: 'random-window', frames: 2.5 }, 'step 0, random-window: frames = 2.5 is not a whole number from 1'],
  [{ name: 'time-augment', region: 0.5 }, 'step 0, time-augment: region = 0.5 is not between 1 and 16'],
])('refuses %j', (step, message) => {
  expect(() => framesOf(step, 10)).toThrow(message)
})
