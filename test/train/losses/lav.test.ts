import { describe, expect, test } from 'vitest'
import { evaluate, input, unitRows } from '../../../src/engine/index.ts'
import { lav, type LavOptions } from '../../../src/train/losses/index.ts'
import { contrast } from '../../../src/train/losses/lav.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, differences, feedsOf, lossOf, type Pair, recordedLoss } from './pairs-of-views.ts'

const options: LavOptions = { gamma: 0.1, warping: 'plain', alpha: 0.5, margin: 2, window: 3, weights: 'length', divisor: 5 }
const first = { rows: A, time: [0, 2, 3, 6, 9] }
const second = { rows: B, time: [0, 1, 4, 5, 8, 11] }
/** Of a clip of 10 frames and one of 12. */
const golden: Pair = { first, second, length: 10, partner: 12 }
const other: Pair = { first: { rows: B.slice(1, 4), time: [4, 5, 9] }, second: { rows: A.slice(1, 5), time: [4, 6, 7, 8] }, length: 20 }
const valueOf = (pairs: readonly Pair[], set: Partial<LavOptions> = {}, frames = 6, padding = 0) =>
  lossOf(lav({ ...options, ...set }), feedsOf(pairs, frames, padding), frames).value

describe('LAV', () => {
  // golden.py, lav_idm_A_sigma3 and lav_idm_B_sigma3
  test.each([
    { ...first, length: 10, expected: 13.849081155608381 }, { ...second, length: 12, expected: 13.929505977025507 },
  ])('its regulariser of a clip of $length frames is the golden number', (clip) => {
    const frames = clip.time.length
    const [projection, mask, time, length] = [input('projection', [1, frames, 3]), input('mask', [1, frames]), input('time', [1, frames]), input('length', [1])]
    const node = contrast({ projection: unitRows(projection), mask, time }, length, { margin: 2, window: 3, weights: 'length' })
    const [found] = evaluate([node], {
      projection: Float64Array.from(clip.rows.flat()), mask: new Float64Array(frames).fill(1), time: Float64Array.from(clip.time), length: Float64Array.of(clip.length),
    })
    expect(found![0]).toBeAllclose(clip.expected, { rtol: 1e-12 })
  })

  // golden.py, lav_total_alpha.5_N5; gamma is float32 in a graph
  test('is the golden number of the specification', () => {
    expect(valueOf([golden])).toBeAllclose(3.568733326564248, { atol: 0, rtol: 1e-7 })
    expect(valueOf([golden], { divisor: 0 })).toBeAllclose(valueOf([golden]), { rtol: 1e-12 })
  })

  test('does not see padding, and averages over clips', () => {
    expect(valueOf([golden, other], {}, 9, 7.5)).toBeAllclose((valueOf([golden]) + valueOf([other])) / 2, { rtol: 1e-12 })
  })

  test('counts times from anywhere', () => {
    const later = ({ rows, time }: Pair['first']) => ({ rows, time: time.map((t) => t + 64) })
    expect(valueOf([{ ...other, first: later(other.first), second: later(other.second) }])).toBeAllclose(valueOf([other]), { rtol: 1e-12 })
  })

  test.each([{}, { warping: 'normalised', weights: 'frames', divisor: 0 } as const])('has the gradient of its finite differences, %o', (set) => {
    const loss = lav({ ...options, ...set })
    const feeds = feedsOf([golden, other], 6, 0.5)
    expect(lossOf(loss, feeds, 6).gradient).toBeAllclose(differences(loss, feeds, 6), { atol: 1e-7, rtol: 1e-6 })
  })
})

const recorded = { ...options, window: 2.5, divisor: 20 }
checkRecorded('losses_lav', {
  'two clips of different lengths': recordedLoss(lav(recorded)),
  'less the warping of each to itself, weights in frames, by the frames there are': recordedLoss(lav({ ...recorded, weights: 'frames', warping: 'normalised', divisor: 0 })),
  'softer, another margin': recordedLoss(lav({ ...recorded, gamma: 1, alpha: 1.5, margin: 1, window: 4.5 })),
})
