/** Most samples in a block of a mixture. */
export const largestBlock = 2 ** 20

/**
 * Weights as whole numbers of samples of a block: exactly in proportion, in lowest terms, when the block is then of `most` samples at most; else a block of
 * `most` is divided by largest remainder, ties to the first. A weight counts as the shortest decimal that names it: 0.7 is 7/10.
 */
export function sharesOf(weights: readonly number[], most: number): number[] {
  const exact = wholeNumbers(weights)
  const divisor = exact.reduce(greatestDivisor, 0n)
  const total = exact.reduce((sum, weight) => sum + weight, 0n)
  if (total / divisor <= BigInt(most)) return exact.map((weight) => Number(weight / divisor))
  const shares = exact.map((weight) => Number((weight * BigInt(most)) / total))
  const missing = most - shares.reduce((sum, share) => sum + share, 0)
  const remainders = exact.map((weight, index) => ({ index, remainder: (weight * BigInt(most)) % total }))
  // sorting keeps the order of equals
  const largest = remainders.sort((a, b) => (a.remainder < b.remainder ? 1 : a.remainder > b.remainder ? -1 : 0)).slice(0, missing)
  for (const { index } of largest) shares[index]!++
  return shares
}

/** The weights times the power of ten that makes them whole. */
function wholeNumbers(weights: readonly number[]): bigint[] {
  const parts = weights.map((weight) => {
    const [digits, exponent] = weight.toExponential().split('e') as [string, string]
    const decimals = digits.split('.')[1]?.length ?? 0
    return { digits: BigInt(digits.replace('.', '')), exponent: Number(exponent) - decimals }
  })
  const least = Math.min(...parts.map(({ exponent }) => exponent))
  return parts.map(({ digits, exponent }) => digits * 10n ** BigInt(exponent - least))
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b)
}
