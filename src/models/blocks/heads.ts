import { type Node, reshape, transpose } from '../../engine/index.ts'

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
