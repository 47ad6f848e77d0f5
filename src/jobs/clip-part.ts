import { type Item, meanOfItems } from '../eval/items.ts'
import { grouped } from '../store/grouped.ts'

/** A clip beside others in a measure. */
export type Ranked = { readonly clip: string; readonly value: number | null }

/** What one clip does to a measure. */
export type ClipPart = {
  readonly clip: string
  /** The measure of its items alone: of pairs, those it is the first of. null = it has no weight of its own. */
  readonly value: number | null
  /** Of pairs, those it is the second of; null otherwise. */
  readonly asSecond: number | null
  /** Its share of all weight, 0..1; of several parts, their mean. */
  readonly share: number
  /** The measure if no item named it; classifiers stay as they were trained. */
  readonly without: number | null
  /** 1 = the best of so many; null = it has no item of its own. */
  readonly rank: number | null
  readonly of: number
  /** The clips that rank next to it, at most three on either side, best first. */
  readonly neighbours: readonly Ranked[]
  /** Its pairs, best first; empty where the measure is of single clips, or has too many for pairs to be kept. */
  readonly pairs: readonly PairPart[]
}

/** One ordered pair of clips in a measure of pairs. */
export type PairPart = { readonly clip: string; readonly other: string; readonly value: number | null; readonly weight: number }

const BESIDE = 3

/** The part of a clip in a measure, of which `better` says what is good; null when no item names it. */
export function clipPart(items: readonly Item[], clip: string, better: 'higher' | 'lower'): ClipPart | null {
  const own = items.filter((item) => item.clip === clip)
  const second = items.filter(({ other }) => other === clip)
  if (own.length + second.length === 0) return null
  const ranked = [...grouped(items, (item) => item.clip)].map(([name, of]): Ranked => ({ clip: name, value: meanOfItems(of) })).sort(byValue(better))
  const at = ranked.findIndex((one) => one.clip === clip)
  const pairs = own.flatMap(({ other, ...item }) => (other === null ? [] : [pairPart({ ...item, other })]))
  return {
    clip, value: meanOfItems(own), asSecond: second.length === 0 ? null : meanOfItems(second), share: shareOf(items, own),
    without: meanOfItems(items.filter((item) => item.clip !== clip && item.other !== clip)), rank: at === -1 ? null : at + 1, of: ranked.length,
    neighbours: at === -1 ? [] : ranked.slice(Math.max(0, at - BESIDE), at + BESIDE + 1).filter((one) => one.clip !== clip), pairs: pairs.sort(byValue(better)),
  }
}

/** The items of the pair in both orders, best first; none when the measure is not of pairs. */
export function pairParts(items: readonly Item[], a: string, b: string, better: 'higher' | 'lower'): PairPart[] {
  return items.flatMap(({ other, ...item }) => ((item.clip === a && other === b) || (item.clip === b && other === a) ? [pairPart({ ...item, other: other! })] : [])).sort(byValue(better))
}

function pairPart(item: Item & { readonly other: string }): PairPart {
  return { clip: item.clip, other: item.other, value: meanOfItems([item]), weight: item.weight }
}

/** Mean over the parts that have weight, as the measure is. */
function shareOf(items: readonly Item[], own: readonly Item[]): number {
  const weightIn = (some: readonly Item[], part: number): number => some.reduce((sum, item) => sum + (item.part === part ? item.weight : 0), 0)
  const shares = [...new Set(items.map(({ part }) => part))].flatMap((part) => {
    const whole = weightIn(items, part)
    return whole > 0 ? [weightIn(own, part) / whole] : []
  })
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)
}

/** Best first, clips without a value last. */
function byValue(better: 'higher' | 'lower') {
  const sign = better === 'higher' ? -1 : 1
  const key = ({ value }: { readonly value: number | null }): number => (value === null ? Infinity : sign * value)
  return (a: { readonly value: number | null }, b: { readonly value: number | null }): number => {
    const [x, y] = [key(a), key(b)]
    return x === y ? 0 : x - y
  }
}
