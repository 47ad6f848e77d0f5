import { expect, test } from 'vitest'
import { difference, estimate } from '../../src/eval/bootstrap.ts'
import { drawOf } from '../../src/eval/draws.ts'
import { holm } from '../../src/eval/holm.ts'
import { macroMean } from '../../src/eval/macro-mean.ts'
import { type Measured, ratioOfPairs, valueOf } from '../../src/eval/measured.ts'
import { underDraws } from '../../src/eval/under-draws.ts'
import { randomAt } from '../../src/random.ts'
import { clipOf } from './clips.ts'

/** The weighted mean of one number per clip. */
function meanOf(values: readonly number[], groups = values.map((_, index) => `${index}`)): Measured {
  return {
    clips: values.map((_, index) => `${index}`), groups, n: values.length, unit: 'clips', reason: null,
    sums: { kind: 'clips', amounts: Float64Array.from(values), weights: Float64Array.from(values, () => 1) },
  }
}

const random = randomAt({ seed: 3 })
const sample = Array.from({ length: 400 }, () => random.normal())

test('the interval of a mean is 1.96 standard errors wide to either side', () => {
  const { value, low, high } = estimate(meanOf(sample), { seed: 1, draws: 2000 })
  const deviation = Math.sqrt(sample.reduce((sum, x) => sum + (x - value!) ** 2, 0) / 400 / 400)
  expect([value! - low!, high! - value!]).toBeAllclose([1.96 * deviation, 1.96 * deviation], { rtol: 0.08 })
})

test('is the same for the same seed, and clips of one recording are drawn together', () => {
  expect(estimate(meanOf(sample), { seed: 1, draws: 200 })).toEqual(estimate(meanOf(sample), { seed: 1, draws: 200 }))
  const apart = estimate(meanOf(sample), { seed: 1, draws: 1000 })
  const together = estimate(meanOf(sample.flatMap((x) => [x, x, x, x]), sample.flatMap((_, index) => Array<string>(4).fill(`${index}`))),
    { seed: 1, draws: 1000 })
  expect(together.high! - together.low!).toBeAllclose(apart.high! - apart.low!, { rtol: 1e-9 })
})

test('a paired difference is sharp where both rise and fall together', () => {
  const { value, low, high, p } = difference(meanOf(sample.map((x) => x + 0.1)), meanOf(sample), { seed: 1, draws: 500 })
  expect([value, low, high]).toBeAllclose([0.1, 0.1, 0.1])
  expect(p).toBeAllclose(2 / 501)
})

test('pairs weigh the product of how often their clips were drawn, never pairs of a clip with itself', () => {
  const clips = [clipOf('a', 9), clipOf('b', 9), clipOf('c', 9)]
  const measured = ratioOfPairs(clips, { numerator: Float64Array.of(0, 1, 2, 3, 0, 4, 5, 6, 0), denominator: Float64Array.of(0, 1, 1, 1, 0, 1, 1, 1, 0) })
  expect(valueOf(measured)).toBe(21 / 6)
  expect([...underDraws(measured.sums, drawOf(Float64Array.of(2, 1, 0)))]).toEqual([(2 * 1 + 2 * 3) / 4])
  expect([...underDraws(measured.sums, drawOf(Float64Array.of(3, 0, 0)))]).toEqual([NaN])
})

test('a macro mean gives every action the same weight, whatever its clips', () => {
  expect(valueOf(macroMean([meanOf([1]), meanOf([0, 0, 0])]))).toBe(0.5)
})

test("Holm's adjustment multiplies the smallest by all, the next by one fewer, and never falls", () => {
  expect(holm([0.04, 0.01, null, 0.03])).toEqual([0.06, 0.03, null, 0.06])
})

test('several seeds: the value is their mean, and the interval widens by how far they lie apart', () => {
  const apart = [meanOf(sample), meanOf(sample.map((x) => x + 1)), meanOf(sample.map((x) => x + 2))]
  const one = estimate(apart[1]!, { seed: 1, draws: 500 })
  const mean = estimate(apart, { seed: 1, draws: 500 })
  expect(mean.value).toBeAllclose(one.value!)
  // the mean of three drawn with replacement from 0, 1, 2 deviates by sqrt(2 / 3 / 3) = 0.47
  expect((mean.high! - mean.low!) / 2).toBeAllclose(1.96 * 0.47, { rtol: 0.15 })
  expect(difference(apart, meanOf(sample), { seed: 1, draws: 500 })).toMatchObject({ value: expect.closeTo(1, 9) as number, reason: null })
})
