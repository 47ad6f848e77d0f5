import { flag, node, number, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { triangle } from './arange.ts'
import { dropout, type DropoutOptions, dropoutOptions } from './dropout.ts'
import { matmul } from './matmul.ts'
import { max } from './max.ts'
import { maximum } from './maximum.ts'
import { mul } from './mul.ts'
import { softmax } from './softmax.ts'
import { stepMask } from './step-mask.ts'
import { sub } from './sub.ts'
import { transposeLast } from './transpose.ts'

/** What is added to the score of a hidden key: scores vanish beside it, and softmax of it is exactly 0. Finite: no infinities meet. */
const HIDDEN = -1e30

export type AttentionOptions = {
  /** 1 where a query may see a key, 0 where not; broadcast to the scores [..., Q, S]. */
  readonly keep?: Node
  /** Added to the scores, broadcast to [..., Q, S]; -Infinity hides a key. */
  readonly bias?: Node
  /** Query i sees the keys 0 to i. */
  readonly causal?: boolean
  /** What scores are multiplied by: 1 / sqrt(d) when not given. */
  readonly scale?: number
  /** Of the weights, after the softmax. */
  readonly dropout?: DropoutOptions
}

export const attentionFields = { keep: node, bias: node, causal: flag, scale: number, dropout: dropoutOptions }

/**
 * softmax(q k' scale + masks) v: q [..., Q, d], k [..., S, d], v [..., S, e] -> [..., Q, e], the axes before the last two broadcast. A query that sees no key gets zeros, and no
 * derivative flows from it, as in torch's scaled_dot_product_attention (torch.nn.MultiheadAttention gives NaN). Vaswani et al., Attention Is All You Need, 2017.
 */
export const scaledDotProductAttention = checked('scaledDotProductAttention', {
  q: node, k: node, v: node, options: options(attentionFields),
}, (q: Node, k: Node, v: Node, options: AttentionOptions = {}): Node => {
  const [queries, depth, keys] = [q.shape.at(-2), q.shape.at(-1), k.shape.at(-2)]
  const fits = Math.min(q.shape.length, k.shape.length, v.shape.length) >= 2 && k.shape.at(-1) === depth && v.shape.at(-2) === keys
  if (!fits) throw shapeError('scaledDotProductAttention', 'they are not [..., Q, d], [..., S, d] and [..., S, e]', q, k, v)
  const scores = matmul(mul(q, options.scale ?? 1 / Math.sqrt(depth!)), transposeLast(k))
  const masks = masksOf(options, queries!, keys!)
  for (const mask of masks) {
    if (broadcastShapes(scores.shape, mask.shape)?.join() !== scores.shape.join()) throw shapeError('scaledDotProductAttention', 'the mask does not broadcast to the scores', scores, mask)
  }
  const mask = masks.length === 0 ? null : masks.reduce((a, b) => add(a, b))
  const weights = softmax(mask === null ? scores : add(scores, mask))
  const mixed = matmul(options.dropout === undefined ? weights : dropout(weights, options.dropout), v)
  return mask === null || hidesNoRow(options) ? mixed : mul(mixed, seesSome(mask))
})

/** What is added to the scores: 0 or HIDDEN, and the bias. */
function masksOf({ keep, bias, causal = false }: AttentionOptions, queries: number, keys: number): Node[] {
  const penalty = (kept: Node): Node => mul(sub(1, kept), HIDDEN)
  return [
    ...(causal ? [penalty(triangle(queries, keys))] : []),
    ...(keep === undefined ? [] : [penalty(keep)]),
    ...(bias === undefined ? [] : [maximum(bias, HIDDEN)]),
  ]
}

/** Every query sees the first key. */
function hidesNoRow({ keep, bias }: AttentionOptions): boolean {
  return keep === undefined && bias === undefined
}

/** [..., Q, 1]: 1 where some key is not hidden. */
function seesSome(mask: Node): Node {
  return stepMask(sub(mask.shape.length === 0 ? mask : max(mask, [-1], { keepDims: true }), HIDDEN / 2))
}
