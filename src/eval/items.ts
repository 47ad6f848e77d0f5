/**
 * What one clip, or one ordered pair of clips, adds to a measure: `amount / weight` is its own value. The measure is the plain mean over `part`s of
 * (sum of amounts) / (sum of weights); parts are actions, or columns of targets.
 */
export type Item = {
  readonly part: number
  readonly clip: string
  /** The second clip of a pair; null = a clip alone, or all of its pairs together. */
  readonly other: string | null
  readonly amount: number
  readonly weight: number
}

/** Above so many clips a measure of pairs keeps one item per first clip: pairs grow with the square. */
export const MOST_PAIRED_CLIPS = 128

/** Items of clips, by their amounts and weights. */
export function clipItems(clips: readonly { readonly id: string }[], amounts: ArrayLike<number>, weights: ArrayLike<number>): Item[] {
  return clips.map(({ id }, at) => ({ part: 0, clip: id, other: null, amount: amounts[at]!, weight: weights[at]! }))
}

/** Items of the ordered pairs that take part, amounts and weights row-major [n, n]; of many clips, their sums by first clip. */
export function pairItems(clips: readonly { readonly id: string }[], amounts: Float64Array, weights: Float64Array): Item[] {
  const size = clips.length
  const pairs = clips.flatMap(({ id }, a) => clips.flatMap(({ id: other }, b): Item[] => {
    const [amount, weight] = [amounts[a * size + b]!, weights[a * size + b]!]
    return amount === 0 && weight === 0 ? [] : [{ part: 0, clip: id, other, amount, weight }]
  }))
  return size <= MOST_PAIRED_CLIPS ? pairs : byFirst(pairs)
}

function byFirst(pairs: readonly Item[]): Item[] {
  const sums = new Map<string, Item>()
  for (const { part, clip, amount, weight } of pairs) {
    const before = sums.get(clip)
    sums.set(clip, { part, clip, other: null, amount: amount + (before?.amount ?? 0), weight: weight + (before?.weight ?? 0) })
  }
  return [...sums.values()]
}

/** The measure that items are the parts of; null where no part has weight. */
export function meanOfItems(items: readonly Item[]): number | null {
  const parts = new Map<number, { amount: number; weight: number }>()
  for (const { part, amount, weight } of items) {
    const sum = parts.get(part) ?? { amount: 0, weight: 0 }
    parts.set(part, { amount: sum.amount + amount, weight: sum.weight + weight })
  }
  const values = [...parts.values()].flatMap(({ amount, weight }) => (weight > 0 ? [amount / weight] : []))
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
