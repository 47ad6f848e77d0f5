import { add, div, matmul, maximum, mul, type Node, reshape, slice, sqrt, square, sub, sum, transpose } from '../../engine/index.ts'
import type { Nodes } from '../../models/index.ts'

/** One of the two views of B clips. */
export type View = {
  /** [B, T, z]. */
  readonly projection: Node
  /** [B, T]: 1 = frame, 0 = padding. */
  readonly mask: Node
  /** [B, T] in original frames; of a partner, on the scale of the first clip. */
  readonly time: Node
}

/**
 * The views of a batch, rows 0 .. B - 1 and B .. 2B - 1, and the length of the whole clips [B, 1]. Of a pair of clips, the second is stretched to the length of the first: frames at the same
 * share of both belong together. Of two views of one clip, times stay as they are, bit by bit.
 */
export function viewsOf(projection: Node, { mask, time, length }: Nodes): { first: View; second: View; length: Node } {
  const clips = mask!.shape[0]! / 2
  const half = (node: Node, view: number): Node => slice(node, 0, view * clips, (view + 1) * clips)
  const view = (number: number): View => ({ projection: half(projection, number), mask: half(mask!, number), time: half(time!, number) })
  const [first, second] = [view(0), view(1)]
  const stretch = reshape(div(half(length!, 0), half(length!, 1)), [clips, 1])
  return { first, second: { ...second, time: mul(second.time, stretch) }, length: reshape(half(length!, 0), [clips, 1]) }
}

/** Which sequences of a batch are cycled through which: the two `views` of each clip, or every one of the `batch` through every other. */
export type PairKind = 'views' | 'batch'

/** Ordered pairs of the `rows` sequences of a batch, of which rows b and b + B are the views of clip b. */
export function orderedPairs(rows: number, kind: PairKind): (readonly [from: number, through: number])[] {
  const all = Array.from({ length: rows }, (_, row) => row)
  if (kind === 'views') return all.map((row) => [row, (row + rows / 2) % rows])
  return all.flatMap((row) => all.filter((other) => other !== row).map((other) => [row, other] as const))
}

/** Cosine of every frame of `a` [B, T, z] with every frame of `b` [B, S, z]: [B, T, S]. */
export function cosines(a: Node, b: Node): Node {
  return matmul(unit(a), transpose(unit(b), [0, 2, 1]))
}

/** Euclidean distance of every frame of `a` to every frame of `b`: [B, T, S]; 1e-12 under the root, whose slope at 0 has no bound. */
export function distances(a: Node, b: Node): Node {
  return sqrt(add(squaredDistances(a, b), 1e-12))
}

/** Squared Euclidean distance of every frame of `a` [B, T, z] to every frame of `b` [B, S, z]: [B, T, S]. */
export function squaredDistances(a: Node, b: Node): Node {
  const products = matmul(a, transpose(b, [0, 2, 1]))
  return maximum(sub(add(squares(a), transpose(squares(b), [0, 2, 1])), mul(products, 2)), 0)
}

/** time_a[t] - time_b[s], [B, T, S], of times [B, T] and [B, S]. */
export function timeDifferences(a: Node, b: Node): Node {
  return sub(reshape(a, [...a.shape, 1]), reshape(b, [b.shape[0]!, 1, b.shape[1]!]))
}

/** 0 where the column is a frame, -1e9 where it is padding: added to scores [B, T, S] before a softmax over S. */
export function hiddenColumns(mask: Node): Node {
  return mul(sub(reshape(mask, [mask.shape[0]!, 1, mask.shape[1]!]), 1), 1e9)
}

/** Mean of `values` [B, T] where `weights` is 1, per row; 0 for a row without any. [B]. */
export function meanPerRow(values: Node, weights: Node): Node {
  return div(sum(mul(values, weights), [1]), maximum(sum(weights, [1]), 1))
}

function squares(x: Node): Node {
  return sum(square(x), [2], { keepDims: true })
}

function unit(x: Node): Node {
  return div(x, sqrt(add(squares(x), 1e-12)))
}
