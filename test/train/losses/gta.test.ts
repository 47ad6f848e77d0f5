import { describe, expect, test } from 'vitest'
import { gta, type GtaOptions } from '../../../src/train/losses/index.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, differences, feedsOf, lossOf, type Pair, recordedLoss } from './pairs-of-views.ts'

const options: GtaOptions = { temperature: 0.1, gamma: 0.1, relaxation: 'mean', weight: 0.1, cycle: 'logits', smoothing: 0.1 }
const pair: Pair = { first: { rows: A, time: [0, 2, 3, 6, 9] }, second: { rows: B, time: [0, 1, 4, 5, 8, 11] }, length: 12 }
const other: Pair = { first: { rows: B.slice(1, 4), time: [4, 5, 9] }, second: { rows: A.slice(1, 5), time: [4, 6, 7, 8] }, length: 20 }
const valueOf = (pairs: readonly Pair[], set: Partial<GtaOptions> = {}, frames = 6, padding = 0) =>
  lossOf(gta({ ...options, ...set }), feedsOf(pairs, frames, padding), frames).value

describe('GTA', () => {
  test('of one frame on each side costs nothing: it matches with certainty and comes back', () => {
    const one: Pair = { first: { rows: A.slice(0, 1), time: [0] }, second: { rows: B.slice(0, 1), time: [0] }, length: 1 }
    expect(valueOf([one])).toBe(0)
  })

  test('the cycle of two views alike as shares comes back, as logits it never quite does', () => {
    const corners = { rows: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], time: [0, 1, 2] }
    const same: Pair = { first: corners, second: corners, length: 3 }
    const cycleOf = (cycle: GtaOptions['cycle']) => valueOf([same], { cycle, smoothing: 0, temperature: 0.01 }) - valueOf([same], { cycle: 'none', temperature: 0.01 })
    expect(cycleOf('shares')).toBeLessThan(1e-6)
    // logits 1, 0 and 0: log(e + 2) - 1
    expect(cycleOf('logits')).toBeAllclose(Math.log(Math.E + 2) - 1, { rtol: 1e-6 })
  })

  test('does not see padding, and averages over clips', () => {
    expect(valueOf([pair, other], {}, 9, 7.5)).toBeAllclose((valueOf([pair]) + valueOf([other])) / 2, { rtol: 1e-12 })
  })

  test.each([{}, { relaxation: 'minimum', cycle: 'shares' } as const])('has the gradient of its finite differences, %o', (set) => {
    const loss = gta({ ...options, ...set })
    const feeds = feedsOf([pair, other], 6, 0.5)
    expect(lossOf(loss, feeds, 6).gradient).toBeAllclose(differences(loss, feeds, 6), { atol: 1e-7, rtol: 1e-6 })
  })
})

checkRecorded('losses_gta', {
  'two clips of different lengths': recordedLoss(gta(options)),
  'soft minima, a cycle of shares': recordedLoss(gta({ ...options, relaxation: 'minimum', gamma: 0.5, cycle: 'shares', smoothing: 0.2 })),
  'warping alone': recordedLoss(gta({ ...options, cycle: 'none', temperature: 0.5, weight: 1 })),
})
