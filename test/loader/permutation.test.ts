import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/hash.ts'
import { feistel, largestShuffle, orderOf, permutation, shuffle } from '../../src/loader/permutation.ts'

const positions = (count: number) => Array.from({ length: count }, (_, position) => position)

describe('orders are those of bench/peers/loader_order.py', () => {
  test('permutations', () => {
    expect(Array.from(permutation(10, { seed: 2026, epoch: 0 }))).toEqual([4, 6, 5, 7, 2, 3, 0, 9, 1, 8])
    expect(Array.from(permutation(10, { seed: 2026, epoch: 1 }))).toEqual([4, 2, 7, 0, 3, 8, 9, 1, 6, 5])
    expect(Array.from(permutation(10, { seed: 7, epoch: 0 }))).toEqual([5, 7, 0, 3, 1, 6, 4, 9, 8, 2])
    expect(Array.from(permutation(1000, { seed: 2026, epoch: 3 }).subarray(0, 8))).toEqual([570, 412, 663, 286, 734, 720, 715, 25])
  })
  test('a permutation of a million', () => {
    expect(sha256(new Uint8Array(permutation(1_000_000, { seed: 2026, epoch: 3 }).buffer))).toBe('f5e5955f1d249c416adbc874f9d72939620ff3be0b995ae3fc649a030e4e8f35')
  })
  test('Feistel networks', () => {
    expect(positions(10).map(feistel(10, { seed: 2026, epoch: 0 }))).toEqual([3, 0, 7, 2, 9, 8, 1, 6, 4, 5])
    expect(positions(10).map(feistel(10, { seed: 2026, epoch: 1 }))).toEqual([0, 8, 6, 4, 2, 3, 5, 9, 1, 7])
    expect(positions(4).map(feistel(10 ** 8, { seed: 2026, epoch: 3 }))).toEqual([12130915, 55820484, 63270308, 71879583])
    expect(positions(2).map(feistel(2 ** 52, { seed: 2 ** 53 - 1, epoch: 0 }))).toEqual([4218502539271460, 4052768566202969])
  })
})

test('the 24 orders of 4 clips are equally likely: chi-square of 24,000 epochs below the 99.9 % quantile of 23 degrees of freedom', () => {
  const counts = new Map<string, number>()
  for (let epoch = 0; epoch < 24_000; epoch++) {
    const order = permutation(4, { seed: 11, epoch }).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(24)
  expect([...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(49.7)
})

test('every clip comes at every position about equally often: chi-square over 13 x 13 places of 13,000 epochs', () => {
  const counts = new Uint32Array(169)
  for (let epoch = 0; epoch < 13_000; epoch++) permutation(13, { seed: 12, epoch }).forEach((clip, position) => counts[position * 13 + clip]!++)
  // 12 x 12 = 144 degrees of freedom, 99.9 % quantile 198.6 (scipy.stats.chi2.ppf)
  expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(198.6)
})

test('both kinds of order are bijections, for every count up to 200', () => {
  for (let count = 1; count <= 200; count++) {
    expect(Array.from(permutation(count, { seed: 1, epoch: count })).sort((a, b) => a - b)).toEqual(positions(count))
    expect(positions(count).map(feistel(count, { seed: 1, epoch: count })).sort((a, b) => a - b)).toEqual(positions(count))
  }
})

test('a Feistel order of 100,000 is a bijection without a trend', () => {
  const order = feistel(100_000, { seed: 3, epoch: 0 })
  const clips = positions(100_000).map(order)
  expect(new Set(clips).size).toBe(100_000)
  const correlation = clips.reduce((sum, clip, position) => sum + (clip - 49_999.5) * (position - 49_999.5), 0) / ((1e5 ** 3 - 1e5) / 12)
  expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(1e5))
})

test('above 2^24 clips no array is made', () => {
  const order = orderOf(largestShuffle + 1, { seed: 5, epoch: 0 })
  expect(order(17)).toBe(feistel(largestShuffle + 1, { seed: 5, epoch: 0 })(17))
})

test('refuses more clips than it can count', () => {
  expect(() => feistel(2 ** 52 + 1, { seed: 1, epoch: 0 })).toThrow('no order of 4503599627370497 clips: 1 to 2^52 can be ordered')
})

test('a word from which a remainder would be too likely is thrown away', () => {
  // places of 3: bound 3 takes words below 2^32 - 1, so the first is passed over, 7 mod 3 = 1 swaps places 2 and 1, and 4 mod 2 = 0 swaps places 1 and 0
  expect([...shuffle(new Uint32Array(3), (_, out) => out.set([0xffffffff, 7, 4, 0]))]).toEqual([2, 0, 1])
})
