/** Holm's step-down adjustment of p-values for testing several at once, in the given order; nulls stay null and do not count. Holm 1979. */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const order = values.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p)
  const adjusted: (number | null)[] = values.map(() => null)
  let most = 0
  for (const [rank, { p, index }] of order.entries()) {
    most = Math.max(most, Math.min(1, p * (order.length - rank)))
    adjusted[index] = most
  }
  return adjusted
}
