/** What came out otherwise than it is recorded. `tolerance` = how far apart two numbers may lie; null = they are no numbers, and must be equal. */
export type Difference = { readonly what: string; readonly was: string | number | null; readonly is: string | number | null; readonly tolerance: number | null }

/** Something that is not as it was and need not be, and what it may account for. */
export type Note = { readonly what: string; readonly was: string | number | null; readonly is: string | number | null }

/** What a stage of a reproduction found. */
export type Findings = { readonly differences: readonly Difference[]; readonly notes: readonly Note[] }

/** Two values that must be equal, or numbers that may lie `tolerance` apart. */
export function compare(what: string, was: Difference['was'], is: Difference['is'], tolerance = 0): Difference[] {
  if (typeof was !== 'number' || typeof is !== 'number') return was === is ? [] : [{ what, was, is, tolerance: null }]
  return Math.abs(was - is) <= tolerance ? [] : [{ what, was, is, tolerance }]
}

/** The first of many differences of one kind, told how many there are. */
export function firstOf(differences: readonly Difference[]): Difference[] {
  const [first, ...others] = differences
  if (first === undefined || others.length === 0) return [...differences]
  return [{ ...first, what: `${first.what} (and ${others.length} more)` }]
}
