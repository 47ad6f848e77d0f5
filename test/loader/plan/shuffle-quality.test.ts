import { describe, expect, test } from 'vitest'
import { feistel, permutation } from '../../../src/loader/permutation.ts'
import { type Measured, shuffleQuality } from '../../../src/loader/plan/shuffle-quality.ts'

const count = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('an order as stored', () => {
  const quality = shuffleQuality(count(64), count(64))!

  test('has neighbours at distance 1 and the same order again in the next epoch', () => {
    expect(quality.distance.value).toBe(1)
    expect(quality.epochs!.value).toBe(1)
  })

  test('correlates with itself', () => {
    // sum over i = 1 .. 63 of (i - 1 - 31.5)(i - 31.5): sum i (i - 1) = 83,328, sum i = 2016, sum (i - 1) = 1953
    const products = 83_328 - 31.5 * (2016 + 1953) + 63 * 31.5 ** 2
    expect(quality.serial.value).toBeCloseTo(products / ((64 * (64 ** 2 - 1)) / 12), 12)
  })

  test('foretells the half of the next sample: only one of 63 steps crosses', () => {
    // given the first half (32 of 63 steps) 31 stay and 1 leaves, given the second (31 steps) all stay
    const surprise = -(31 / 32) * Math.log2(31 / 32) - (1 / 32) * Math.log2(1 / 32)
    expect(quality.neighbours).toMatchObject({ parts: 2 })
    expect(quality.neighbours.value).toBeCloseTo((32 / 63) * surprise, 12)
  })
})

test('an epoch backwards has correlation -1 with the one before', () => {
  expect(shuffleQuality(count(20), count(20).reverse())!.epochs!.value).toBeCloseTo(-1, 12)
})

test('eight samples by hand', () => {
  // 0 4 1 5 2 6 3 7: distances 4 3 4 3 4 3 4
  const quality = shuffleQuality([0, 40, 10, 50, 20, 60, 30, 70])!
  expect(quality.distance).toEqual({ value: 25 / 7, expected: 3, deviation: Math.sqrt(16 / 45) })
  // from the lower half (4 steps) always to the upper, from the upper always to the lower
  expect(quality.neighbours.value).toBe(0)
  expect(quality.epochs).toBeNull()
})

test('windows of one row count as stored in the order in which they come', () => {
  expect(shuffleQuality([3, 3, 3, 3, 5, 5, 5, 5])!.distance.value).toBe(1)
})

test('fewer than eight samples say nothing', () => {
  expect(shuffleQuality(count(7))).toBeNull()
})

describe('600 shuffles of 500 have the mean and the deviation that are said of a perfect one', () => {
  const all = Array.from({ length: 600 }, (_, epoch) => shuffleQuality(permutation(500, { seed: 8, epoch }), permutation(500, { seed: 9, epoch }))!)

  test.each<[string, (typeof all)[number]['serial'][]]>([
    ['serial', all.map(({ serial }) => serial)], ['distance', all.map(({ distance }) => distance)],
    ['neighbours', all.map(({ neighbours }) => neighbours)], ['epochs', all.map(({ epochs }) => epochs!)],
  ])('%s', (_, measured: readonly Measured[]) => {
    const mean = measured.reduce((sum, { value }) => sum + value, 0) / measured.length
    const deviation = Math.sqrt(measured.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / measured.length)
    const { expected, deviation: said } = measured[0]!
    // the mean of 600 within 4 of its standard errors, the deviation within 15 %
    expect(Math.abs(mean - expected)).toBeLessThan((4 * said) / Math.sqrt(600))
    expect(Math.abs(deviation / said - 1)).toBeLessThan(0.15)
  })
})

test.each([0, 1, 2, 3])('a Feistel order of 20,000, epoch %d, is as well shuffled as a perfect one: all within 5 deviations', (epoch) => {
  const [order, next] = [epoch, epoch + 1].map((epoch) => count(20_000).map(feistel(20_000, { seed: 10, epoch })))
  const { serial, distance, neighbours, epochs } = shuffleQuality(order!, next!)!
  const far = [serial, distance, neighbours, epochs!].map(({ value, expected, deviation }) => Math.abs(value - expected) / deviation)
  expect(Math.max(...far)).toBeLessThan(5)
})
