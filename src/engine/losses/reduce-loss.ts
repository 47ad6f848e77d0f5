import { oneOf } from '../arguments.ts'
import { type Node, shapeError } from '../graph.ts'
import { mean } from '../ops/mean.ts'
import { sum } from '../ops/sum.ts'

/** What becomes of the losses of single elements: their mean (when not given), their sum, or nothing. */
export type LossReduction = 'mean' | 'sum' | 'none'

export type LossOptions = { readonly reduction?: LossReduction }

export const reductionKind = oneOf('mean', 'sum', 'none')

export function reduceLoss(losses: Node, reduction: LossReduction = 'mean'): Node {
  if (reduction === 'none') return losses
  const axes = [...losses.shape.keys()]
  return reduction === 'sum' ? sum(losses, axes) : mean(losses, axes)
}

/** Refuses what does not have the same shape: broadcast by mistake, [N] and [N, 1] would be all pairs. */
export function checkSameShape(loss: string, a: Node, b: Node): void {
  if (a.shape.join() !== b.shape.join()) throw shapeError(loss, 'the shapes differ', a, b)
}
