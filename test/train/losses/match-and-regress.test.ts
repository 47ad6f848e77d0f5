import { describe, expect, test } from 'vitest'
import { constant, evaluate, mul } from '../../../src/engine/index.ts'
import { matchAndRegress, type MatchAndRegressOptions } from '../../../src/train/losses/index.ts'
import { softTimes } from '../../../src/train/losses/match-and-regress.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, differences, feedsOf, lossOf, type Pair, recordedLoss } from './pairs-of-views.ts'

const casa: MatchAndRegressOptions = { temperature: 0.1, similarity: 'distance', direction: 'second-to-first', time: 'frames', variant: 'regression', varianceWeight: 1e-5, pads: 'hidden' }
const shifted = [0, 2, 4].map((i) => A[i]!.map((x) => x + 0.05))
const golden: Pair = { first: { rows: A, time: [0, 1, 2, 3, 4] }, second: { rows: shifted, time: [0, 2, 4] }, length: 5 }
const other: Pair = { first: { rows: B.slice(0, 4), time: [5, 6, 7, 8] }, second: { rows: A.slice(0, 3), time: [3, 6, 8] }, length: 12 }
const valueOf = (pairs: readonly Pair[], set: Partial<MatchAndRegressOptions> = {}, frames = 5, padding = 0) =>
  lossOf(matchAndRegress({ ...casa, ...set }), feedsOf(pairs, frames, padding), frames).value

describe('match and regress', () => {
  // golden.py, casa_loss and casa_cosine_loss; constants of a graph are float32
  test('is CASA\'s loss by distance and by cosine', () => {
    expect([valueOf([golden]), valueOf([golden], { similarity: 'cosine' })]).toBeAllclose([0.10001699831288074, 0.008909703959511631], { atol: 0, rtol: 1e-7 })
  })

  test('predicts CASA\'s times', () => {
    const view = (rows: readonly (readonly number[])[]) => {
      const shape = [1, rows.length]
      return { projection: constant({ shape: [...shape, 3], data: Float32Array.from(rows.flat()) }), mask: constant({ shape, data: new Float32Array(rows.length).fill(1) }), time: constant({ shape, data: Float32Array.from(rows.keys()) }) }
    }
    expect(evaluate([softTimes(view(shifted), view(A), casa).predicted], {})[0]).toBeAllclose([0.3081191874606225, 2.025113826616891, 3.54780219265248], { atol: 0, rtol: 1e-6 })
  })

  test('divides times by the length of the whole clip when asked to', () => {
    expect(valueOf([golden], { time: 'length' })).toBeAllclose(valueOf([golden]) / 25, { rtol: 1e-12 })
  })

  test('both directions: the mean of the loss and of the loss of the views exchanged', () => {
    const exchanged: Pair = { ...golden, first: golden.second, second: golden.first }
    expect(valueOf([golden], { direction: 'both' })).toBeAllclose((valueOf([golden]) + valueOf([exchanged])) / 2, { rtol: 1e-12 })
  })

  test('frames without a partner within one frame do not count', () => {
    const partnerless: Pair = { ...other, second: { rows: other.second.rows.slice(1), time: [6, 8] } }
    expect(valueOf([other])).toBeAllclose(valueOf([partnerless]), { rtol: 1e-12 })
  })

  test('a frame half-way between two has two nearest and does not count', () => {
    const tied: Pair = { first: { rows: A.slice(0, 2), time: [4, 6] }, second: { rows: A.slice(2, 3), time: [5] }, length: 9 }
    expect(valueOf([tied])).toBe(0)
  })

  test('does not see padding, and averages per sequence, then over the batch', () => {
    expect(valueOf([golden, other], {}, 9, 4)).toBeAllclose((valueOf([golden]) + valueOf([other])) / 2, { rtol: 1e-12 })
  })

  test.each([{ similarity: 'cosine' }, { similarity: 'distance', pads: 'matched' }, { similarity: 'cosine', variant: 'regression-var', time: 'length' }] as const)('has the gradient of its finite differences with %o', (set) => {
    const loss = matchAndRegress({ ...casa, ...set, direction: 'both' })
    const feeds = feedsOf([golden, other], 5, 0.5)
    expect(lossOf(loss, feeds, 5).gradient).toBeAllclose(differences(loss, feeds, 5), { atol: 1e-7, rtol: 1e-6 })
  })
})

/** The sum of both directions, as CASA's: ours is their mean. */
const twice = (set: Partial<MatchAndRegressOptions>) => recordedLoss((...given) => mul(matchAndRegress({ ...casa, temperature: 0.125, direction: 'both', ...set })(...given), 2))

// a distance is the root of a difference of squares, which float32 has to four digits where frames lie near each other
checkRecorded('losses_casa', {
  'by distance, padding matched': recordedLoss(matchAndRegress({ ...casa, temperature: 0.125, pads: 'matched' })),
  'by cosine, padding matched': recordedLoss(matchAndRegress({ ...casa, temperature: 0.125, similarity: 'cosine', pads: 'matched' })),
  'with the variance, both directions': twice({ variant: 'regression-var', varianceWeight: 1 / 1024 }),
  'with the variance by cosine, both directions, padding matched': twice({ variant: 'regression-var', varianceWeight: 1 / 1024, similarity: 'cosine', pads: 'matched' }),
}, { atol: 2e-5, rtol: 2e-4 })
