import { node, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { abs } from '../ops/abs.ts'
import { square } from '../ops/square.ts'
import { sub } from '../ops/sub.ts'
import { checkSameShape, type LossOptions, reduceLoss, reductionKind } from './reduce-loss.ts'

/** (prediction - target)^2. */
export const squaredError = checked('squaredError', {
  prediction: node, target: node, options: options({ reduction: reductionKind }),
}, (prediction: Node, target: Node, { reduction }: LossOptions = {}): Node => {
  checkSameShape('squaredError', prediction, target)
  return reduceLoss(square(sub(prediction, target)), reduction)
})

/** |prediction - target|; the derivative where they are equal is 0. */
export const absoluteError = checked('absoluteError', {
  prediction: node, target: node, options: options({ reduction: reductionKind }),
}, (prediction: Node, target: Node, { reduction }: LossOptions = {}): Node => {
  checkSameShape('absoluteError', prediction, target)
  return reduceLoss(abs(sub(prediction, target)), reduction)
})
