import { describe, expect, test } from 'vitest'
import { softMatch, type SoftMatchOptions } from '../../../src/train/losses/index.ts'
import { A, B, differences, feedsOf, type Frames, lossOf, type Pair } from './pairs-of-views.ts'

const options: SoftMatchOptions = { temperature: 0.1, variance: 10, unit: 'frames', window: 64, floor: 1e-6, outside: 'matched' }
const golden: Pair = { first: { rows: A, time: [0, 2, 3, 6, 9] }, second: { rows: B.slice(0, 5), time: [1, 2, 5, 7, 9] }, length: 12 }
const other: Pair = { first: { rows: B.slice(1, 4), time: [4, 5, 6] }, second: { rows: A.slice(1, 5), time: [4, 6, 7, 8] }, length: 20 }
const valueOf = (pairs: readonly Pair[], set: Partial<SoftMatchOptions> = {}, frames = 5, padding = 0) =>
  lossOf(softMatch({ ...options, ...set }), feedsOf(pairs, frames, padding), frames).value

const delayed = ({ rows, time }: Frames): Frames => ({ rows, time: time.map((t) => t + 30) })
const later = (pair: Pair): Pair => ({ ...pair, first: delayed(pair.first), second: delayed(pair.second) })
/** Unit vectors at angles t / 100. */
const onArc = (time: readonly number[]): Frames => ({ time, rows: time.map((t) => [Math.cos(t / 100), Math.sin(t / 100)]) })

/** Frames 0 and 1 beside the three from `start` on. */
const pairAt = (start: number): Pair => (
  { first: { rows: A.slice(0, 2), time: [0, 1] }, second: { rows: B.slice(0, 3), time: [start, start + 1, start + 2] }, length: 60 })

describe('soft match', () => {
  // golden.py, carl_scl: its sum over both directions divided by all 10 frames = our mean over frames, then directions, as both
  // views have 5; constants of a graph are float32
  test('is CARL\'s sequence contrastive loss for views of equal length', () => {
    expect(valueOf([golden])).toBeAllclose(2.5498257141473624, { atol: 0, rtol: 1e-7 })
  })

  test('averages per sequence, then over the batch', () => {
    expect(valueOf([golden, other])).toBeAllclose((valueOf([golden]) + valueOf([other])) / 2, { rtol: 1e-12 })
  })

  test('does not see padding, whatever it holds and however much there is', () => {
    expect([valueOf([other], {}, 8, 7.5), valueOf([other], {}, 11, -3)]).toBeAllclose([valueOf([other]), valueOf([other])], { rtol: 1e-12 })
  })

  test('counts frames from anywhere: only differences of time matter', () => {
    expect(valueOf([later(golden)])).toBeAllclose(valueOf([golden]), { rtol: 1e-12 })
  })

  test('a variance in shares of the length is that share of this clip in frames', () => {
    expect(valueOf([golden], { unit: 'length', variance: 0.01 })).toBeAllclose(valueOf([golden], { variance: 0.01 * 12 ** 2 }), { rtol: 1e-12 })
  })

  test('a variance in window frames is that of a clip thinned to the window, and of short clips as they are', () => {
    expect(valueOf([golden], { unit: 'window-frames', window: 6 })).toBeAllclose(valueOf([golden], { variance: 10 * (12 / 6) ** 2 }), { rtol: 1e-12 })
    expect(valueOf([golden], { unit: 'window-frames', window: 64 })).toBeAllclose(valueOf([golden]), { rtol: 1e-12 })
  })

  test('of two clips, frames at the same share of both lengths belong together', () => {
    const slower: Pair = { ...golden, second: { ...golden.second, time: golden.second.time.map((t) => 3 * t) }, partner: 36 }
    expect(valueOf([slower])).toBeAllclose(valueOf([golden]), { rtol: 1e-12 })
    expect(valueOf([slower], { unit: 'length', outside: 'left-out' })).toBeAllclose(valueOf([golden], { unit: 'length', outside: 'left-out' }), { rtol: 1e-12 })
  })

  test('frames more than one frame before or after the other view can be left out', () => {
    // from 2 on, frame 0 is beyond the margin and frame 1 within it; from 3 on, nothing has a partner
    expect(valueOf([pairAt(3)], { outside: 'left-out' })).toBe(0)
    expect(valueOf([pairAt(2)], { outside: 'left-out' })).toBeGreaterThan(0)
    expect(valueOf([pairAt(1)], { outside: 'left-out' })).not.toBe(valueOf([pairAt(1)]))
    expect(valueOf([pairAt(0)], { outside: 'left-out' })).toBe(valueOf([pairAt(0)]))
  })

  test('is 0 when similarities are the target: temperature and variance chosen so that both are alike', () => {
    // cosine = 1 - (difference / 100)^2 / 2 up to the fourth order: divided by 0.001 it falls as a Gaussian of variance 0.001 x 100^2 = 10
    expect(valueOf([{ first: onArc([0, 1, 2, 3]), second: onArc([1, 2, 3]), length: 4 }], { temperature: 0.001, variance: 10, floor: 0 }, 4)).toBeLessThan(1e-8)
  })

  test.each([0, 1e-6])('has the gradient of its finite differences, floor %d', (floor) => {
    const loss = softMatch({ ...options, floor })
    const feeds = feedsOf([golden, other], 5, 0.5)
    expect(lossOf(loss, feeds, 5).gradient).toBeAllclose(differences(loss, feeds, 5), { atol: 1e-7, rtol: 1e-6 })
  })
})
