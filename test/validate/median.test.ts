import { expect, test } from 'vitest'
import { randomAt } from '../../src/random.ts'
import { median } from '../../src/validate/median.ts'

test('the one in the middle, or the mean of two', () => {
  expect([[3], [1, 2], [5, 1, 3], [4, 1, 3, 2], [2, 2, 2, 9]].map((values) => median(values))).toEqual([3, 1.5, 3, 2.5, 2])
})

test('what is no number does not count', () => {
  expect(median([NaN, 7, Infinity, 1, -Infinity, 4])).toBe(4)
  expect(median([NaN])).toBeNaN()
  expect(median([])).toBeNaN()
})

test('as sorting says, of any order and with ties', () => {
  const random = randomAt({ seed: 3 })
  for (let count = 1; count < 60; count++) {
    const values = Array.from({ length: count }, () => random.integer(20))
    const sorted = values.toSorted((a, b) => a - b)
    expect(median(values)).toBe((sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2)
  }
})
