import { expect, test } from 'vitest'
import { drawOf, drawsOf, drawsOfPart } from '../../src/eval/draws.ts'
import type { Sums } from '../../src/eval/sums.ts'
import { underDraws } from '../../src/eval/under-draws.ts'
import { randomAt } from '../../src/random.ts'

const random = randomAt({ seed: 5 })
const table = (size: number) => Float64Array.from({ length: size }, () => random.normal())
const clips = 7
const groups = ['a', 'a', 'b', 'c', 'd', 'e', 'e']
const draws = drawsOf(groups, { seed: 1, draws: 21 })
/** The weights of one draw. */
const weightsOf = (draw: number) => Array.from({ length: clips }, (_, clip) => draws.weights[clip * draws.stride + draw]!)
const pairs = { kind: 'pairs', numerator: table(clips ** 2), denominator: table(clips ** 2).map(Math.abs), isComplement: false } as const satisfies Sums

/** A ratio of pairs in one draw, as it reads: clips that were not drawn left out, row by row. */
function pairRatio(weights: readonly number[]): number {
  const drawn = weights.flatMap((weight, clip) => (weight === 0 ? [] : [clip]))
  const sumOf = (values: Float64Array) => drawn.reduce((sum, a) => sum + weights[a]! * drawn.reduce((row, b) => row + weights[b]! * values[a * clips + b]!, 0), 0)
  return sumOf(pairs.numerator) / sumOf(pairs.denominator)
}

test('every draw of recordings is as long as there are recordings, whose clips come together', () => {
  for (let draw = 0; draw < 21; draw++) {
    const [a, alsoA, b, c, d, e, alsoE] = weightsOf(draw)
    expect([alsoA, alsoE, a! + b! + c! + d! + e!]).toEqual([a, e, 5])
  }
})

test('pairs have in all draws at once the bits that they have draw by draw', () => {
  expect([...underDraws(pairs, draws)]).toEqual(Array.from({ length: 21 }, (_, draw) => pairRatio(weightsOf(draw))))
  expect([...underDraws({ ...pairs, isComplement: true }, draws)]).toEqual(Array.from({ length: 21 }, (_, draw) => 1 - pairRatio(weightsOf(draw))))
})

test('a mean is over the parts that have a value in the draw, each with clips of its own', () => {
  const [left, right]: Sums[] = [[1, 3], [5]].map((amounts) => ({ kind: 'clips', amounts: Float64Array.from(amounts), weights: Float64Array.from(amounts, () => 1) }))
  const mean: Sums = { kind: 'mean', parts: [{ clips: 2, sums: left! }, { clips: 1, sums: right! }] }
  expect([[1, 3, 1], [1, 0, 0], [0, 0, 0]].map((weights) => underDraws(mean, drawOf(Float64Array.from(weights)))[0])).toEqual([(2.5 + 5) / 2, 1, NaN])
})

test('variance explained is that of the clips drawn, and none where the target does not vary', () => {
  // targets 0, 2 | 4, and squared errors 1 | 0: of all, mean 2, variance 8
  const sums: Sums = { kind: 'variances', moments: [Float64Array.of(2, 2, 4, 1), Float64Array.of(1, 4, 16, 0)] }
  expect([[1, 1], [1, 0], [0, 1]].map((weights) => underDraws(sums, drawOf(Float64Array.from(weights)))[0])).toEqual([1 - 1 / 8, 1 - 1 / 2, NaN])
})

test('a part of the draws is one object, over the same weights', () => {
  expect(drawsOfPart(draws, 2, 3)).toBe(drawsOfPart(draws, 2, 3))
  expect(drawsOfPart(draws, 2, 3).weights[draws.stride]).toBe(draws.weights[3 * draws.stride])
})
