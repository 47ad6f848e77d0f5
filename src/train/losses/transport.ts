import { add, div, equal, matmul, maximum, type Node, pad, reshape, sum, transpose } from '../../engine/index.ts'

export type SinkhornOptions = {
  /** What the rows of the plan sum to, [B, N, 1]; 0 = a row without a plan (padding), whose kernel is 0 too. */
  readonly rows: Node
  /** [B, M, 1]. */
  readonly columns: Node
  /** 1 or more. */
  readonly iterations: number
}

/**
 * Scalings u [B, N, 1] and v [B, M, 1] of a kernel [B, N, M] that bring the plan u K v nearer to its marginals: from v = 1, first the rows are put right, then the columns, which are exact
 * at the end. Cuturi, Sinkhorn Distances, NeurIPS 2013. The derivative flows through the iterations.
 */
export function sinkhorn(kernel: Node, { rows, columns, iterations }: SinkhornOptions): { u: Node; v: Node } {
  const turned = transpose(kernel, [0, 2, 1])
  let u = scaling(rows, sum(kernel, [2], { keepDims: true }))
  let v = scaling(columns, matmul(turned, u))
  for (let i = 1; i < iterations; i++) {
    u = scaling(rows, matmul(kernel, v))
    v = scaling(columns, matmul(turned, u))
  }
  return { u, v }
}

/** Equal shares of 1 for all that is there, [B, N, 1] of a mask [B, N]. */
export function equalShares(mask: Node): Node {
  return reshape(div(mask, sum(mask, [1], { keepDims: true })), [...mask.shape, 1])
}

/** A virtual frame, that of frames without a partner, before the first one along each of the axes. */
export function withVirtual(x: Node, axes: readonly number[], value: number): Node {
  return axes.reduce((padded, axis) => pad(padded, axis, 1, 0, { value }), x)
}

/** 0 where the marginal is: there the sum is 0 too. Sums that float32 has no number for count as the least. */
function scaling(marginal: Node, sums: Node): Node {
  return div(marginal, maximum(add(sums, equal(marginal, 0)), 1e-37))
}
