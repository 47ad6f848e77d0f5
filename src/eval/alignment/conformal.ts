/** A limit that a new clip exceeds with so much chance, if it is like those that the limit is read off. */
export type Limit = { readonly value: number; readonly chance: number }

/**
 * The least limit that one more value, exchangeable with these, exceeds with a chance of at most `level`: the ceil((1 - level) (n + 1))-th smallest. Of too few values it is the
 * largest one, and the chance 1 / (n + 1). Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2005.
 */
export function upperLimit(values: readonly number[], level: number): Limit {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.min(sorted.length, Math.ceil((1 - level) * (sorted.length + 1)))
  return { value: sorted[rank - 1]!, chance: (sorted.length + 1 - rank) / (sorted.length + 1) }
}
