import { clipItems, type Item, pairItems } from './items.ts'

/** Sums over ordered pairs (a, b) of clips, row-major [n, n]; a pair whose denominator is 0 does not take part. */
export type PairSums = { readonly numerator: Float64Array; readonly denominator: Float64Array }

/**
 * What a measure is computed of, clip i counted weights[i] times in every role it has: plain data, so that clips can be drawn again, in any thread. `underDraws` computes it.
 * `pairs`: sum w_a w_b numerator / sum w_a w_b denominator, or what that lacks of 1. `clips`: sum w amounts / sum w weights. `variances`: the mean over columns of 1 - error / variance about the
 * mean, of each clip's number, sum and sum of squares of the targets and squared error, [columns, 4]. `mean`: the plain mean over parts that have a value, each with clips of its own, one part's
 * after the other's. `difference`: a - b on the same clips. `none`: no value.
 */
export type Sums =
  | { readonly kind: 'none' }
  | { readonly kind: 'pairs' } & PairSums & { readonly isComplement: boolean }
  | { readonly kind: 'clips'; readonly amounts: Float64Array; readonly weights: Float64Array }
  | { readonly kind: 'variances'; readonly moments: readonly Float64Array[] }
  | { readonly kind: 'mean'; readonly parts: readonly { readonly clips: number; readonly sums: Sums }[] }
  | { readonly kind: 'difference'; readonly a: Sums; readonly b: Sums }

/** Numbers of `variances` per column. */
export const MOMENTS = 4

/** What each clip or pair of `clips` adds to the value; none where there is no value, or where it is a difference. */
export function itemsOf(sums: Sums, clips: readonly string[]): Item[] {
  const named = clips.map((id) => ({ id }))
  switch (sums.kind) {
    case 'none': case 'difference': return []
    case 'pairs': return pairItems(named, sums.isComplement ? sums.denominator.map((value, pair) => value - sums.numerator[pair]!) : sums.numerator, sums.denominator)
    case 'clips': return clipItems(named, sums.amounts, sums.weights)
    case 'variances': return Array.from({ length: sums.moments[0]!.length / MOMENTS }, (_, column) => columnItems(named, sums.moments, column)).flat()
    case 'mean': {
      let start = 0
      return sums.parts.flatMap((one, part) => itemsOf(one.sums, clips.slice(start, start += one.clips)).map((item) => ({ ...item, part })))
    }
  }
}

/** What each clip adds to a column's R^2: its share of the explained and of the total variance about the mean of all clips. */
function columnItems(clips: readonly { readonly id: string }[], moments: readonly Float64Array[], column: number): Item[] {
  const total = (part: number): number => moments.reduce((all, clip) => all + clip[column * MOMENTS + part]!, 0)
  const mean = total(1) / total(0)
  const variances = moments.map((clip) => clip[column * MOMENTS + 2]! - 2 * mean * clip[column * MOMENTS + 1]! + clip[column * MOMENTS]! * mean ** 2)
  const explained = variances.map((variance, at) => variance - moments[at]![column * MOMENTS + 3]!)
  return clipItems(clips, explained, variances).map((item) => ({ ...item, part: column }))
}
