import { sizeOf } from '../../tensor.ts'
import { node, options, positive } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from '../ops/add.ts'
import { arange } from '../ops/arange.ts'
import { concat } from '../ops/concat.ts'
import { constant } from '../ops/input.ts'
import { matmul } from '../ops/matmul.ts'
import { mul } from '../ops/mul.ts'
import { sum } from '../ops/sum.ts'
import { transposeLast } from '../ops/transpose.ts'
import { unitRows } from './cosine-similarity.ts'
import { crossEntropy } from './cross-entropy.ts'
import { type LossOptions, reductionKind } from './reduce-loss.ts'

export type ContrastOptions = LossOptions & {
  /** Cosines are divided by it; 0.1 when not given. */
  readonly temperature?: number
}

export type InfoNceOptions = ContrastOptions & {
  /** [K, d]: what every query is to be unlike, such as a queue (He et al., MoCo, CVPR 2020); the keys of the other rows when not given. */
  readonly negatives?: Node
}

/** Each query [N, d] should be more like the key [N, d] of its row than like negatives: cross-entropy of cosines (van den Oord et al., 2018). */
export const infoNce = checked('infoNce', {
  queries: node, keys: node, options: options({ temperature: positive, negatives: node, reduction: reductionKind }),
}, (queries: Node, keys: Node, { temperature = 0.1, negatives, reduction = 'mean' }: InfoNceOptions = {}): Node => {
  checkContrast('infoNce', queries, keys)
  if (negatives !== undefined && (negatives.shape.length !== 2 || negatives.shape[1] !== queries.shape[1])) throw shapeError('infoNce', 'the negatives must be [K, d]', queries, negatives)
  const [q, k] = [mul(unitRows(queries), 1 / temperature), unitRows(keys)]
  const rows = queries.shape[0]!
  if (negatives === undefined) return crossEntropy(matmul(q, transposeLast(k)), arange(rows), { reduction })
  const scores = concat([sum(mul(q, k), [1], { keepDims: true }), matmul(q, transposeLast(unitRows(negatives)))], 1)
  return crossEntropy(scores, arange(rows, { step: 0 }), { reduction })
})

/** Each of two views [N, d] should be more like the other view of its row than like all other rows of both (Chen et al., SimCLR, ICML 2020): 2 N losses. */
export const ntXent = checked('ntXent', {
  first: node, second: node, options: options({ temperature: positive, reduction: reductionKind }),
}, (first: Node, second: Node, { temperature = 0.1, reduction = 'mean' }: ContrastOptions = {}): Node => {
  checkContrast('ntXent', first, second)
  const views = unitRows(concat([first, second], 0))
  const [rows, count] = [first.shape[0]!, views.shape[0]!]
  const partners = constant({ shape: [count], data: Float32Array.from({ length: count }, (_, i) => (i + rows) % count) })
  const itself = constant({ shape: [count, count], data: Float32Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? -1e30 : 0)) })
  return crossEntropy(add(matmul(mul(views, 1 / temperature), transposeLast(views)), itself), partners, { reduction })
})

function checkContrast(loss: string, a: Node, b: Node): void {
  if (a.shape.length !== 2 || a.shape.join() !== b.shape.join() || sizeOf(a.shape) === 0) throw shapeError(loss, 'they must be [N, d] both', a, b)
}
