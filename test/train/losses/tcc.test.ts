import { describe, expect, test } from 'vitest'
import { constant, evaluate, type Node } from '../../../src/engine/index.ts'
import { tcc, type TccOptions } from '../../../src/train/losses/index.ts'
import { nPairs } from '../../../src/train/losses/tcn.ts'
import { orderLoss } from '../../../src/train/losses/shuffle-and-learn.ts'
import { cycleBack } from '../../../src/train/losses/tcc.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, differences, feedsOf, lossOf, type Pair } from './pairs-of-views.ts'

const options: TccOptions = {
  variant: 'regression-mse-var', temperature: 0.1, similarity: 'squared-distance', pairs: 'views', frames: 0, time: 'length', varianceWeight: 0.001, huberDelta: 0.1, smoothing: 0.1, target: 'own',
}
const golden: Pair = { first: { rows: A, time: [0, 2, 3, 6, 9] }, second: { rows: B, time: [0, 1, 4, 5, 8, 11] }, length: 10, partner: 12 }
const other: Pair = { first: { rows: B.slice(1, 4), time: [4, 5, 6] }, second: { rows: A.slice(1, 5), time: [4, 6, 7, 8] }, length: 20 }
const valueOf = (pairs: readonly Pair[], set: Partial<TccOptions> = {}, { frames = 6, padding = 0, draws = {} }: { frames?: number; padding?: number; draws?: Record<string, Float64Array> } = {}) =>
  lossOf(tcc({ ...options, ...set }), { ...feedsOf(pairs, frames, padding), ...draws }, frames).value

/** A -> B -> A alone. */
function oneWay(variant: TccOptions['variant']): number {
  const tensor = (shape: number[], values: readonly number[]): Node => constant({ shape, data: Float32Array.from(values) })
  const view = (rows: readonly (readonly number[])[], time: readonly number[]) => (
    { projection: tensor([1, rows.length, 3], rows.flat()), mask: tensor([1, rows.length], rows.map(() => 1)), time: tensor([1, rows.length], time) })
  return evaluate([cycleBack(view(A, [0, 0.2, 0.3, 0.6, 0.9]), view(B, B.map(() => 0)), { ...options, variant })], {})[0]![0]!
}

describe('temporal cycle consistency', () => {
  // golden.py; constants of a graph are float32
  test('is the release\'s loss, with the variance and without', () => {
    expect([oneWay('regression-mse-var'), oneWay('regression-mse')]).toBeAllclose([2.3051343406780815, 0.019838726881720815], { atol: 0, rtol: 1e-6 })
  })

  test('is the mean over both ways of a pair of views, whichever comes first', () => {
    const exchanged: Pair = { first: golden.second, second: golden.first, length: 12, partner: 10 }
    expect(valueOf([golden])).toBeAllclose(valueOf([exchanged]), { rtol: 1e-12 })
    expect(valueOf([golden], { variant: 'regression-mse' })).toBeGreaterThan(0.019838726881720815 / 2)
  })

  test('does not see padding, and averages per sequence, then over the batch', () => {
    expect(valueOf([golden, other], {}, { frames: 9, padding: 4 })).toBeAllclose((valueOf([golden]) + valueOf([other])) / 2, { rtol: 1e-12 })
    expect(valueOf([golden, other], { variant: 'classification' }, { frames: 9, padding: 4 })).toBeAllclose(
      (valueOf([golden], { variant: 'classification' }) + valueOf([other], { variant: 'classification' })) / 2, { rtol: 1e-12 })
  })

  test('of a batch, every sequence goes through every other', () => {
    const sequences = [golden, other].flatMap(({ first, second, length, partner = length }) => [{ view: first, length }, { view: second, length: partner }])
    const pairs = sequences.flatMap((a, i) => sequences.slice(i + 1).map((b): Pair => ({ first: a.view, second: b.view, length: a.length, partner: b.length })))
    expect(pairs.length).toBe(6)
    expect(valueOf([golden, other], { pairs: 'batch' })).toBeAllclose(pairs.reduce((sum, pair) => sum + valueOf([pair]), 0) / 6, { rtol: 1e-12 })
  })

  test('squared errors in frames are those in shares of a length times its square', () => {
    const same: Pair = { ...golden, partner: 10 }
    expect(valueOf([same], { variant: 'regression-mse', time: 'frames' })).toBeAllclose(100 * valueOf([same], { variant: 'regression-mse' }), { rtol: 1e-12 })
  })

  test('looks at the drawn frames only, in order', () => {
    // of six numbers for each of two views the three largest: frames 1, 3, 4 and 0, 2, 5; frame 5 of the first view is padding
    const draws = { 'tcc.frames': Float64Array.of(0.1, 0.7, 0.2, 0.5, 0.9, 0.95, 0.6, 0.1, 0.9, 0.2, 0.3, 0.7) }
    const chosen: Pair = {
      first: { rows: [A[1]!, A[3]!, A[4]!], time: [2, 6, 9] }, second: { rows: [B[0]!, B[2]!, B[5]!], time: [0, 4, 11] }, length: 10, partner: 12 }
    expect(valueOf([golden], { frames: 3 }, { draws })).toBeAllclose(valueOf([chosen]), { rtol: 1e-12 })
  })

  test('a cycle that ends on one frame for certain costs the logarithm of the least variance', () => {
    const far = A.map((row) => row.map((x) => 100 * x))
    const certain: Pair = { first: { rows: far, time: [0, 1, 2, 3, 4] }, second: { rows: far, time: [0, 1, 2, 3, 4] }, length: 5 }
    expect(valueOf([certain])).toBeAllclose(0.001 * Math.log(1e-12), { rtol: 1e-6 })
  })

  test.each([
    { variant: 'regression-mse-var' }, { variant: 'regression-mse', similarity: 'dot-product' }, { variant: 'regression-huber', target: 'smoothed' }, { variant: 'classification', pairs: 'batch' },
  ] as const)('has the gradient of its finite differences with %o', (set) => {
    const loss = tcc({ ...options, ...set })
    const feeds = feedsOf([golden, other], 6, 0.5)
    expect(lossOf(loss, feeds, 6).gradient).toBeAllclose(differences(loss, feeds, 6), { atol: 1e-7, rtol: 1e-6 })
  })
})

/** As bench/peers/losses_tcc.py: numbers that float32 holds exactly. */
const exact = { temperature: 0.125, varianceWeight: 1 / 1024, huberDelta: 0.125, smoothing: 0.125 }
const cycles = (set: Partial<TccOptions>) => (u: Node, v: Node, time: Node, mask: Node, others: Node): Node =>
  cycleBack({ projection: u, mask, time }, { projection: v, mask: others, time: others }, { ...options, ...exact, ...set })

checkRecorded('losses_tcc', {
  'regression-mse-var': cycles({}), 'regression-mse': cycles({ variant: 'regression-mse' }), 'regression-huber': cycles({ variant: 'regression-huber' }),
  classification: cycles({ variant: 'classification' }), 'regression-mse-var to smoothed times': cycles({ target: 'smoothed' }),
  'regression-mse by dot products': cycles({ variant: 'regression-mse', similarity: 'dot-product' }),
  'n-pairs': (anchors, positives, mask) => nPairs({ anchors, positives, mask }, 0.002),
  'order of triples': (triples, isShuffled, weights, ...values) => orderLoss(triples, { isShuffled, weights }, Object.fromEntries(
    ['in', 'hidden', 'out'].flatMap((layer, i) => [[`shuffle-and-learn.${layer}.weight`, values[2 * i]!], [`shuffle-and-learn.${layer}.bias`, values[2 * i + 1]!]]))),
})
