/** A test of independence: the statistic, its degrees of freedom, the chance of one as large under independence, and the least count expected in a cell. */
export type ChiSquare = { readonly statistic: number; readonly freedom: number; readonly p: number; readonly leastExpected: number }

/**
 * Pearson's chi-square test of independence of rows and columns of counts, without Yates' correction: sum (n - e)^2 / e with e = row sum * column sum / total, and
 * (rows - 1) (columns - 1) degrees of freedom; p = Q(freedom / 2, statistic / 2). Empty rows and columns say nothing and are left out; null when fewer than two are left of
 * either. The approximation is poor where `leastExpected` is below 5. Pearson, On the criterion that a given system of deviations ..., Philosophical Magazine 50 (1900).
 */
export function chiSquare(counts: readonly (readonly number[])[]): ChiSquare | null {
  const rowSums = counts.map((row) => sum(row))
  const columnSums = (counts[0] ?? []).map((_, column) => sum(counts.map((row) => row[column]!)))
  const steps = (sums: readonly number[]): number => Math.max(0, sums.filter((sum) => sum > 0).length - 1)
  const freedom = steps(rowSums) * steps(columnSums)
  if (freedom === 0) return null
  const total = sum(rowSums)
  const cells = counts.flatMap((row, i) => row.map((count, j) => ({ count, expected: rowSums[i]! * columnSums[j]! / total }))).filter(({ expected }) => expected > 0)
  const statistic = sum(cells.map(({ count, expected }) => (count - expected) ** 2 / expected))
  return { statistic, freedom, p: upperGamma(freedom / 2, statistic / 2), leastExpected: Math.min(...cells.map(({ expected }) => expected)) }
}

/**
 * Q(a, x) = Gamma(a, x) / Gamma(a) for a = 1/2, 1, 3/2, ...: below x = a + 1 by the series of P = 1 - Q, above by the continued fraction of Q, from its end.
 * NIST Digital Library of Mathematical Functions, 8.7.1 and 8.9.2.
 */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x === 0) return 1
  if (x < a + 1) {
    let [term, total] = [1 / a, 1 / a]
    for (let n = 1; term > total * 1e-17; n++) total += term *= x / (a + n)
    return 1 - scale * total
  }
  let fraction = 0
  for (let n = 500; n >= 1; n--) fraction = n * (n - a) / (x + 2 * n + 1 - a - fraction)
  return scale / (x + 1 - a - fraction)
}

/** ln Gamma(a) for a = 1/2, 1, 3/2, ...: by Gamma(a + 1) = a Gamma(a) from Gamma(1/2) = sqrt(pi) and Gamma(1) = 1. */
function logGamma(a: number): number {
  let log = a % 1 === 0 ? 0 : Math.log(Math.PI) / 2
  for (let b = a - 1; b > 0; b--) log += Math.log(b)
  return log
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
