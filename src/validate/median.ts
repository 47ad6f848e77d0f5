/** The median of the finite values among `values`; NaN when there is none. Even counts: the mean of the two in the middle. */
export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort()
  const middle = sorted.length >> 1
  if (sorted.length === 0) return NaN
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
