import { randomInput } from '../chance.ts'
import { node, number, options, text, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, type Node, shapeError } from '../graph.ts'
import { mul } from './mul.ts'

export type DropoutOptions = {
  /** Names the mask, a random input of the graph: one name for each place of a model. */
  readonly name: string
  /** Share of numbers that become 0, in [0, 1); the others grow by 1 / (1 - rate). 0, as in evaluation, makes no mask. */
  readonly rate: number
}

const dropoutFields = { name: text, rate: number }
export const dropoutOptions = options(dropoutFields, ['name', 'rate'])

/** x times a mask that is drawn anew at each step (Srivastava et al., 2014). One draw counts for all of x that an axis of extent 1 of `shape` is broadcast to. */
export const dropout = checked('dropout', {
  x: node, options: options({ ...dropoutFields, shape: wholes }, ['name', 'rate']),
}, (x: Node, { name, rate, shape = x.shape }: DropoutOptions & { readonly shape?: readonly number[] }): Node => {
  if (rate === 0) return x
  const mask = randomInput(name, shape, { kind: 'keep', rate })
  if (broadcastShapes(x.shape, shape)?.join() !== x.shape.join()) throw shapeError('dropout', 'the mask does not broadcast to x', x, mask)
  return mul(x, mask)
})

/** Whole channels [B, C] of x [B, C, ...]: torch's dropout1d, 2d and 3d (Tompson et al., 2015). */
export const dropChannels = checked('dropChannels', { x: node, options: dropoutOptions }, (x: Node, options: DropoutOptions): Node => {
  return dropout(x, { ...options, shape: x.shape.map((extent, axis) => (axis < 2 ? extent : 1)) })
})

/** Whole entries of the batch, to be added to what they branched off from: stochastic depth (Huang et al., 2016), timm's DropPath. */
export const dropPath = checked('dropPath', { x: node, options: dropoutOptions }, (x: Node, options: DropoutOptions): Node => {
  return dropout(x, { ...options, shape: x.shape.map((extent, axis) => (axis === 0 ? extent : 1)) })
})
