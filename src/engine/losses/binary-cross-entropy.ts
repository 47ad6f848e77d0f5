import { node, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, type Node, shapeError } from '../graph.ts'
import { add } from '../ops/add.ts'
import { mul } from '../ops/mul.ts'
import { neg } from '../ops/neg.ts'
import { softplus } from '../ops/softplus.ts'
import { sub } from '../ops/sub.ts'
import { checkSameShape, type LossOptions, reduceLoss, reductionKind } from './reduce-loss.ts'

export type BinaryCrossEntropyOptions = LossOptions & {
  /** How much each element counts, broadcast to the logits. */
  readonly weights?: Node
  /** How much more positives count, broadcast to the logits. */
  readonly positiveWeights?: Node
}

/** -target log sigmoid(logit) - (1 - target) log(1 - sigmoid(logit)), exact far out, as torch.nn.functional.binary_cross_entropy_with_logits. */
export const binaryCrossEntropy = checked('binaryCrossEntropy', {
  logits: node, target: node, options: options({ weights: node, positiveWeights: node, reduction: reductionKind }),
}, (logits: Node, target: Node, { weights, positiveWeights, reduction }: BinaryCrossEntropyOptions = {}): Node => {
  checkSameShape('binaryCrossEntropy', logits, target)
  for (const node of [weights, positiveWeights]) {
    if (node === undefined || broadcastShapes(logits.shape, node.shape)?.join() === logits.shape.join()) continue
    throw shapeError('binaryCrossEntropy', 'the weights do not broadcast to the logits', logits, node)
  }
  const log = softplus(neg(logits))
  const raised = positiveWeights === undefined ? log : mul(log, add(mul(sub(positiveWeights, 1), target), 1))
  const losses = add(mul(sub(1, target), logits), raised)
  return reduceLoss(weights === undefined ? losses : mul(losses, weights), reduction)
})
