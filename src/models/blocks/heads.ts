import { shapeError } from '../../engine/graph.ts'
import { type Node, reshape, transpose } from '../../engine/index.ts'

/** What attends to what, [B, S, d] each, that comes apart into heads; E_SHAPE where it does not. */
export function checkHeads(block: string, heads: number, ...sequences: readonly Node[]): void {
  const width = sequences[0]!.shape[2]
  if (sequences.some(({ shape }) => shape.length !== 3 || shape[2] !== width)) throw shapeError(block, 'they are not [B, Q, d] and [B, S, d]', ...sequences)
  if (width! % heads !== 0) throw shapeError(block, `a width of ${width} does not come apart into ${heads} heads`, sequences[0]!)
}

/** [B, S, d] -> [B, heads, S, d / heads]. */
export function splitHeads(x: Node, heads: number): Node {
  const [batch, length, width] = x.shape as [number, number, number]
  return transpose(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3])
}

/** [B, heads, S, depth] -> [B, S, heads * depth]. */
export function mergeHeads(x: Node): Node {
  const [batch, heads, length, depth] = x.shape as [number, number, number, number]
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * depth])
}
