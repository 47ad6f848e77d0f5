import { describe, expect, test } from 'vitest'
import { vava, type VavaOptions } from '../../../src/train/losses/index.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, differences, feedsOf, lossOf, type Pair, recordedLoss } from './pairs-of-views.ts'

const options: VavaOptions = {
  iterations: 20, lambda1: 1, lambda2: 0.1, virtualDistance: 5, zeta: 0.5, delta: 2, phi: 0.999, falling: 'never', margin: 2, window: 15, intra: 0.5, inter: 1e-4, temperature: 0.5,
}
const pair: Pair = { first: { rows: A, time: [0, 1, 2, 3, 4] }, second: { rows: B, time: [0, 1, 2, 3, 4, 5] }, length: 12 }
const other: Pair = { first: { rows: B.slice(0, 3), time: [0, 1, 2] }, second: { rows: A.slice(0, 2), time: [0, 1] }, length: 5 }
const valueOf = (pairs: readonly Pair[], set: Partial<VavaOptions>, frames: number, padding = 0) => lossOf(vava({ ...options, ...set }), feedsOf(pairs, frames, padding), frames).value

describe('VAVA', () => {
  test('a view of two frames: what it adds by itself, by hand', () => {
    // differences (1 + 4) / 2 of neighbours: 2 x 2.5 / (1 + 1) over 4 pairs, in both views; beyond a window of 0, margin 3 less 2.5
    const two: Pair = { first: { rows: [[0, 0], [1, 2]], time: [0, 1] }, second: { rows: [[0, 0], [1, 2]], time: [0, 1] }, length: 2 }
    const within = (set: Partial<VavaOptions>) => valueOf([two], set, 2) - valueOf([two], { ...set, intra: 0 }, 2)
    expect([within({}), within({ window: 0, margin: 3 })]).toBeAllclose([0.625, 0.25], { rtol: 1e-6 })
  })

  test('the share of the diagonal falls with the square root of the steps, to a thousandth', () => {
    // floor(sqrt(17)) = 4
    const at = (step: number, phi: number) => lossOf(vava({ ...options, phi, falling: 'with-steps' }), { ...feedsOf([pair], 6), step: Float64Array.of(step) }, 6).value
    expect([at(1, 0.999), at(17, 0.5), at(1e6, 0.5)]).toBeAllclose([0.999, 0.5 ** 4, 0.001].map((phi) => valueOf([pair], { phi }, 6)), { rtol: 1e-6 })
  })

  test('does not see padding, and averages over clips', () => {
    expect(valueOf([pair, other], {}, 9, 4)).toBeAllclose((valueOf([pair], {}, 6) + valueOf([other], {}, 6)) / 2, { rtol: 1e-9 })
  })

  test('has the gradient of its finite differences, through the iterations', () => {
    const loss = vava({ ...options, window: 2, inter: 1 })
    const feeds = feedsOf([pair, other], 6, 0.5)
    expect(lossOf(loss, feeds, 6).gradient).toBeAllclose(differences(loss, feeds, 6), { atol: 1e-7, rtol: 1e-5 })
  })
})

checkRecorded('losses_vava', {
  'as released, at the start': recordedLoss(vava(options)),
  'frames more than two apart pushed apart, the nearest frame\'s prior, stronger contrast between views': recordedLoss(vava({ ...options, phi: 0.3, window: 2, inter: 1 })),
  'the transport alone': recordedLoss(vava({ ...options, phi: 0.5, intra: 0, inter: 0 })),
})
