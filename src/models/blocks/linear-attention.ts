import { add, div, elu, matmul, mul, type Node, reshape, sum, transpose } from '../../engine/index.ts'
import { checkHeads, mergeHeads, splitHeads } from './heads.ts'

/**
 * Attention in time linear in S: queries [B, L, d] over keys and values [B, S, d], per head out_l = phi(q_l) (sum_s phi(k_s) v_s^T) / (phi(q_l) . sum_s phi(k_s) + 1e-6) with phi(x) = elu(x) + 1.
 * `keep` [B, S], 1 = a key, 0 = none. Katharopoulos et al., Transformers are RNNs, ICML 2020, as in LoFTR.
 */
export function linearAttention({ queries, keys, values }: { queries: Node; keys: Node; values: Node }, { heads, keep }: { readonly heads: number; readonly keep?: Node | undefined }): Node {
  checkHeads('linearAttention', heads, queries, keys, values)
  const positive = (x: Node): Node => add(elu(splitHeads(x, heads)), 1)
  const [rows, length] = keys.shape as [number, number]
  const all = positive(keys)
  const q = positive(queries)
  const k = keep === undefined ? all : mul(all, reshape(keep, [rows, 1, length, 1]))
  const mixed = matmul(q, matmul(transpose(k, [0, 1, 3, 2]), splitHeads(values, heads)))
  const total = sum(mul(q, sum(k, [2], { keepDims: true })), [3], { keepDims: true })
  return mergeHeads(div(mixed, add(total, 1e-6)))
}
