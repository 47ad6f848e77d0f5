import { expect, test } from 'vitest'
import { sharesOf } from '../../../src/loader/plan/shares.ts'

test.each([
  ['decimals', [0.5, 0.3, 0.2], [5, 3, 2]],
  ['doubles that are no tenths', [0.1, 0.2, 0.3], [1, 2, 3]],
  ['whole numbers, in lowest terms', [4, 6], [2, 3]],
  ['thirds, whose shortest decimals are in proportion too', [1 / 3, 2 / 3], [1, 2]],
  ['one weight', [0.37], [1]],
  ['large and small powers of ten', [1e-3, 2e3], [1, 2_000_000]],
])('%s are taken exactly', (_, weights, shares) => {
  expect(sharesOf(weights, 2 ** 21)).toEqual(shares)
})

test('what no block of the size holds exactly is divided by largest remainder', () => {
  // 4.14 and 5.86 of 10: the one sample that is left goes to the second
  expect(sharesOf([1, Math.SQRT2], 10)).toEqual([4, 6])
})

test('of equal remainders the first gets what is left', () => {
  expect(sharesOf([1, 1, 1], 2)).toEqual([1, 1, 0])
})
