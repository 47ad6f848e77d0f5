import { node, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { add } from '../ops/add.ts'
import { equal, greater } from '../ops/compare.ts'
import { exp } from '../ops/exp.ts'
import { log } from '../ops/log.ts'
import { mul } from '../ops/mul.ts'
import { square } from '../ops/square.ts'
import { sub } from '../ops/sub.ts'
import { where } from '../ops/where.ts'
import { checkSameShape, type LossOptions, reduceLoss, reductionKind } from './reduce-loss.ts'

/**
 * target (log target - logPrediction), the Kullback-Leibler divergence of a predicted distribution, given as logarithms, from a wanted one, element by element: with `sum`, divided by
 * the number of distributions, it is their mean. Where the target is 0 it is 0. As torch.nn.functional.kl_div, of which `mean` too is that over elements.
 */
export const klDivergence = checked('klDivergence', {
  logPrediction: node, target: node, options: options({ reduction: reductionKind }),
}, (logPrediction: Node, target: Node, { reduction }: LossOptions = {}): Node => {
  checkSameShape('klDivergence', logPrediction, target)
  const isWanted = greater(target, 0)
  const surprise = sub(log(where(isWanted, target, 1)), where(equal(target, 0), 0, logPrediction))
  return reduceLoss(mul(target, surprise), reduction)
})

/** The Kullback-Leibler divergence of normal distributions of this mean and log variance from the standard one, element by element (Kingma & Welling, ICLR 2014, appendix B). */
export const gaussianDivergence = checked('gaussianDivergence', {
  mean: node, logVariance: node, options: options({ reduction: reductionKind }),
}, (mean: Node, logVariance: Node, { reduction }: LossOptions = {}): Node => {
  checkSameShape('gaussianDivergence', mean, logVariance)
  return reduceLoss(mul(sub(add(square(mean), exp(logVariance)), add(logVariance, 1)), 0.5), reduction)
})
