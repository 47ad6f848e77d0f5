import { expect, test } from 'vitest'
import { chiSquare } from '../../src/queries/chi-square.ts'

// scipy 1.17.1, scipy.stats.chi2_contingency(table, correction=False): statistic, dof, pvalue, expected_freq.min()
test.each([
  [[[10, 20], [30, 25]], 3.505892255892255, 1, 0.06115089757606777, 14.117647058823529],
  [[[69, 71], [104, 63], [43, 45], [115, 58]], 13.740219037043005, 3, 0.0032809564091002153, 36.71830985915493],
  [[[8, 1, 1], [80, 10, 10], [5, 3, 2]], 5.053527118043246, 4, 0.28184924380318405, 1.0833333333333333],
  [[[400, 100], [10, 200]], 343.0979481223384, 1, 1.3495888463142058e-76, 88.73239436619718],
  [[[5, 5], [5, 5]], 0, 1, 1, 5],
  [Array.from({ length: 60 }, (_, i) => [i + 1, 2 * i + 1 + (i * 7) % 5, 3 + i % 4]), 226.7047853719401, 118, 7.263793807511002e-9, 0.23195876288659795],
])('agrees with scipy on a table of %j', (counts, statistic, freedom, p, leastExpected) => {
  const found = chiSquare(counts)!
  expect(found.freedom).toBe(freedom)
  expect(Math.abs(found.statistic - statistic)).toBeLessThan(1e-12 * (1 + statistic))
  expect(Math.abs(found.p - p)).toBeLessThan(1e-12 * p)
  expect(Math.abs(found.leastExpected - leastExpected)).toBeLessThan(1e-12)
})

test('rows and columns without counts say nothing', () => {
  expect(chiSquare([[10, 0, 20], [0, 0, 0], [30, 0, 25]])).toEqual(chiSquare([[10, 20], [30, 25]]))
})

test('there is no test of one row, of one column, or of nothing', () => {
  expect([[[1, 2]], [[1], [2]], [[0, 1], [0, 2]], []].map(chiSquare)).toEqual([null, null, null, null])
})
