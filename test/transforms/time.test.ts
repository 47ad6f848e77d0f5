import { describe, expect, test } from 'vitest'
import { randomAt } from '../../src/random.ts'
import { cut, evenFrames, resample, resampleAt, selectFrames, speed, tempo, window } from '../../src/transforms/index.ts'
import { exampleClip, exampleClips, jointAt } from './examples.ts'

const clip = exampleClip({ frames: 12 })
const random = randomAt({ seed: 1 })

test('a window holds frames [start, end) of everything that is per frame', () => {
  const part = window({ ...clip, raw: Float32Array.from({ length: 120 }, (_, i) => i) }, 4, 9)
  expect(part.frames).toBe(5)
  expect(part.keypoints).toEqual(clip.keypoints!.slice(4 * 15, 9 * 15))
  expect(part.states).toEqual(clip.states!.slice(20, 45))
  expect(part.raw).toEqual(Float32Array.from({ length: 50 }, (_, i) => 40 + i))
  expect(part.time).toEqual(new Float32Array([4, 5, 6, 7, 8]))
  expect(part.boxes!.length).toBe(20)
  expect([...part.signals!.values]).toEqual([8, 10, 12, 14, 16])
  expect(part.labels.segments).toEqual([{ track: 'verb', start: 0, end: 1, label: 'wave', number: 3 }])
  expect(part.labels.phases).toEqual([{ start: 0, end: 2, label: 'up' }, { start: 2, end: 5, label: 'down' }])
})

test('a phase without a frame left is gone', () => {
  expect(window(clip, 6, 12).labels.phases).toEqual([{ start: 0, end: 6, label: 'down' }])
})

test('a window of a window counts time from the recording', () => {
  expect(window(window(clip, 2, 10), 1, 3).time).toEqual(new Float32Array([3, 4]))
})

test.each([[-1, 3], [3, 3], [0, 13], [0.5, 3]])('refuses a window [%d, %d) of 12 frames', (start, end) => {
  expect(() => window(clip, start, end)).toThrow(`window [${start}, ${end}) of example/1, which has 12 frames`)
})

test('a clip of labels only is cut in time all the same', () => {
  const part = window({ ...clip, keypoints: null, states: null, boxes: null, signals: null, labels: { ...clip.labels, phases: null } }, 0, 3)
  expect([part.keypoints, part.states, part.boxes, part.signals, part.labels.phases, part.frames]).toEqual([null, null, null, null, null, 3])
})

test('cut takes 0 .. floor(share x frames) frames off each end, all counts about equally often', () => {
  const counts = { front: [0, 0, 0, 0], back: [0, 0, 0, 0] }
  for (let i = 0; i < 4000; i++) {
    const { time } = cut({ share: 0.3 })(clip, random.fork(i))
    counts.front[time[0]!]!++
    counts.back[11 - time.at(-1)!]!++
  }
  for (const n of [...counts.front, ...counts.back]) expect(Math.abs(n - 1000)).toBeLessThan(150)
})

test('speed drops up to a share of the frames, in order, each frame about equally often', () => {
  const kept = Array.from({ length: 12 }, () => 0)
  const lengths = new Set<number>()
  for (let i = 0; i < 4000; i++) {
    const { time, labels, frames } = speed({ share: 0.5 })(clip, random.fork(i))
    time.forEach((t) => kept[t]!++)
    lengths.add(frames)
    expect(time.every((t, at) => at === 0 || t > time[at - 1]!)).toBe(true)
    expect(labels.phases!.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(frames)
  }
  expect([...lengths].sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11, 12])
  for (const n of kept) expect(Math.abs(n / 4000 - 9.5 / 12)).toBeLessThan(0.03)
})

test('tempo plays the whole clip in frames / factor .. frames x factor frames, time running evenly from its first to its last', () => {
  const long = exampleClip({ frames: 60 })
  const counts = Array.from({ length: 300 }, (_, seed) => {
    const { frames, time } = tempo({ factor: 1.5, most: 1000 })(long, randomAt({ seed }))
    expect(time).toBeAllclose(Array.from({ length: frames }, (_, i) => (i * 59) / (frames - 1)), { atol: 1e-5 })
    return frames
  })
  expect([Math.min(...counts) >= 40, Math.min(...counts) < 43, Math.max(...counts) <= 90, Math.max(...counts) > 85]).toEqual([true, true, true, true])
})

test('tempo keeps to fewest and most frames', () => {
  const counts = Array.from({ length: 50 }, (_, seed) => tempo({ factor: 4, fewest: 10, most: 14 })(clip, randomAt({ seed })).frames)
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([10, 14])
})

test('phases go with their frames through every selection', () => {
  for (const clip of exampleClips) {
    const made = speed()(cut()(clip, random.fork(clip.id)), random.fork(clip.id).fork('speed'))
    const labelOf = (phases: typeof clip.labels.phases, frame: number) => phases!.find(({ start, end }) => start <= frame && frame < end)!.label
    made.time.forEach((original, frame) => expect(labelOf(made.labels.phases, frame)).toBe(labelOf(clip.labels.phases, original)))
  }
})

describe('resample', () => {
  test('goes evenly from the first to the last frame by nearest frames, halves upwards', () => {
    expect(evenFrames(10, 4)).toEqual([0, 3, 6, 9])
    expect(evenFrames(8, 3)).toEqual([0, 4, 7])
    expect(evenFrames(5, 1)).toEqual([0])
    expect(evenFrames(663, 64).at(-1)).toBe(662)
  })
  test('thins longer clips only, and time keeps the original indices', () => {
    expect(resample({ frames: 4 })(clip, random).time).toEqual(new Float32Array([0, 4, 7, 11]))
    expect(resample({ frames: 12 })(clip, random)).toBe(clip)
  })
})

describe('resampleAt', () => {
  const still = { ...exampleClip({ frames: 3 }), keypoints: new Float32Array(45).fill(1), states: new Uint8Array(15) }
  still.keypoints!.set([10, 20, 1], 0)
  still.keypoints!.set([20, 40, 0.5], 15)
  still.keypoints!.set([NaN, NaN, 0], 30)

  test('nearest takes real frames, some of them twice', () => {
    const made = resampleAt(clip, [0, 0.4, 0.5, 3, 3.2, 11])
    expect(made).toEqual(selectFrames(clip, [0, 0, 1, 3, 3, 11]))
  })
  test('linear puts joints, confidence and time between two frames', () => {
    const made = resampleAt(still, [0.25], 'linear')
    expect(jointAt(made, 0, 0)).toEqual([12.5, 25, 0.875])
    expect(made.time).toEqual(new Float32Array([0.25]))
    expect(made.boxes).toEqual(new Float32Array([10, 20, 300, 200]))
  })
  test('linear keeps the nearest frame where one side is absent', () => {
    expect(jointAt(resampleAt(still, [1.4], 'linear'), 0, 0)).toEqual([20, 40, 0.5])
    expect(jointAt(resampleAt(still, [1.6], 'linear'), 0, 0)).toEqual([NaN, NaN, 0])
  })
  test('both are the identity at the whole frames', () => {
    const moments = Array.from({ length: 12 }, (_, t) => t)
    expect(resampleAt(clip, moments)).toEqual(clip)
    expect(resampleAt(clip, moments, 'linear')).toEqual(clip)
  })
  test('refuses moments that run backwards or leave the clip', () => {
    expect(() => resampleAt(clip, [3, 2])).toThrow('moment 1 of example/1 is 2: moments rise within 0 .. 11')
    expect(() => resampleAt(clip, [11.5])).toThrow('moment 0 of example/1 is 11.5: moments rise within 0 .. 11')
  })
})
