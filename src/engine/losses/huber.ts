import { node, number, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { clamp } from '../ops/clamp.ts'
import { mul } from '../ops/mul.ts'
import { sub } from '../ops/sub.ts'
import { withGradient } from '../ops/with-gradient.ts'
import { checkSameShape, type LossOptions, reduceLoss, reductionKind } from './reduce-loss.ts'

export type HuberOptions = LossOptions & { /** Where the parabola becomes a line; 1 when not given. */ readonly delta?: number }

/** d^2 / 2 for |d| up to `delta`, delta (|d| - delta / 2) beyond, d = prediction - target (Huber, 1964). */
export const huber = checked('huber', {
  prediction: node, target: node, options: options({ delta: number, reduction: reductionKind }),
}, (prediction: Node, target: Node, { delta = 1, reduction }: HuberOptions = {}): Node => {
  return reduceLoss(huberOf('huber', prediction, target, delta), reduction)
})

/** huber / delta: slopes of 1 and -1 far out (Girshick, Fast R-CNN, ICCV 2015, where delta is called beta). */
export const smoothL1 = checked('smoothL1', {
  prediction: node, target: node, options: options({ delta: number, reduction: reductionKind }),
}, (prediction: Node, target: Node, { delta = 1, reduction }: HuberOptions = {}): Node => {
  return reduceLoss(mul(huberOf('smoothL1', prediction, target, delta), 1 / delta), reduction)
})

function huberOf(loss: string, prediction: Node, target: Node, delta: number): Node {
  checkSameShape(loss, prediction, target)
  if (!(delta > 0 && Number.isFinite(delta))) throw shapeError(loss, `delta must be above 0, not ${delta} (at 0 it is absoluteError)`, prediction)
  const difference = sub(prediction, target)
  const near = clamp(difference, -delta, delta)
  return withGradient('huber', mul(near, sub(difference, mul(near, 0.5))), [difference], (upstream) => [mul(upstream, near)])
}
