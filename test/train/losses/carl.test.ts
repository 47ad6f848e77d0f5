import { describe, expect, test } from 'vitest'
import { carl, type CarlOptions } from '../../../src/train/losses/index.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, differences, feedsOf, lossOf, type Pair, recordedLoss } from './pairs-of-views.ts'

const options: CarlOptions = { temperature: 0.1, variance: 10, floor: 1e-6 }
const golden: Pair = { first: { rows: A, time: [0, 2, 3, 6, 9] }, second: { rows: B.slice(0, 5), time: [1, 2, 5, 7, 9] }, length: 12 }
const short: Pair = { first: { rows: B.slice(1, 3), time: [4, 5] }, second: { rows: A.slice(1, 2), time: [4] }, length: 20 }
const valueOf = (pairs: readonly Pair[], frames = 5, padding = 0) => lossOf(carl(options), feedsOf(pairs, frames, padding), frames).value

describe('CARL', () => {
  // golden.py, carl_scl; constants of a graph are float32
  test('is the golden number of the specification', () => {
    expect(valueOf([golden])).toBeAllclose(2.5498257141473624, { atol: 0, rtol: 1e-7 })
  })

  test('weighs frames alike: clips by their numbers of frames', () => {
    expect(valueOf([golden, short])).toBeAllclose((10 * valueOf([golden]) + 3 * valueOf([short])) / 13, { rtol: 1e-12 })
  })

  test('does not see padding', () => {
    expect(valueOf([golden, short], 8, 7.5)).toBeAllclose(valueOf([golden, short]), { rtol: 1e-12 })
  })

  test('a view beyond the float32 reach of the Gaussian has no target: 46 frames away adds 0, 45 does not', () => {
    // exp(-45^2 / 20) = 1e-44 is a float32, exp(-46^2 / 20) = 1e-46 is not
    const apart = (start: number): Pair => ({ first: { rows: A.slice(0, 1), time: [0] }, second: { rows: B.slice(0, 2), time: [start, start + 1] }, length: 60 })
    expect(valueOf([apart(46)])).toBe(0)
    expect(valueOf([apart(45)])).toBeGreaterThan(1e-4)
  })

  test('has the gradient of its finite differences', () => {
    const feeds = feedsOf([golden, short], 5, 0.5)
    expect(lossOf(carl(options), feeds, 5).gradient).toBeAllclose(differences(carl(options), feeds, 5), { atol: 1e-7, rtol: 1e-6 })
  })
})

checkRecorded('losses_carl', {
  'two clips of different lengths, one frame too far from the other view': recordedLoss(carl(options)),
  'a wider target, softer match': recordedLoss(carl({ ...options, temperature: 0.5, variance: 40 })),
})
