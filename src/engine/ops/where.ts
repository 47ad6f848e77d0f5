import { sizeOf } from '../../tensor.ts'
import { node, operand } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, broadcastStrides, forEachOffset, makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { emitTruth } from './boolean.ts'
import { constant } from './input.ts'
import { unbroadcast } from './sum.ts'

const operation: Operation = {
  name: 'where',
  isElementwise: true,
  instruction: 'select',
  evaluate: ({ shape, inputs }, values) => {
    const out = new Float64Array(sizeOf(shape))
    const [condition, a, b] = values.map((data, i) => ({ data, strides: broadcastStrides(inputs[i]!.shape, shape) }))
    forEachOffset(shape, condition!.strides, (offset, index) => { out[index] = condition!.data[offset]! })
    const chosen = out.map((truth) => Number(truth !== 0))
    for (const [truth, { data, strides }] of [[1, a!], [0, b!]] as const) {
      forEachOffset(shape, strides, (offset, index) => { if (chosen[index] === truth) out[index] = data[offset]! })
    }
    return out
  },
  gradient: (node, upstream) => {
    const [condition, a, b] = node.inputs as [Node, Node, Node]
    return [null, unbroadcast(where(condition, upstream, 0), a.shape), unbroadcast(where(condition, 0, upstream), b.shape)]
  },
  lower: (_, [condition, a, b], output, onnx) => onnx.node('Where', [emitTruth(condition!, onnx), a!, b!], [output]),
}

/**
 * a where the condition is not 0, else b, under numpy's broadcasting; numbers stand for scalars. The branch that is not taken gets the derivative 0. Where its own derivative is
 * infinite there, 0 times that is NaN: make its input harmless first, as in where(positive, log(where(positive, x, 1)), 0).
 */
export const where = checked('where', { condition: node, a: operand, b: operand }, (condition: Node, a: Node | number, b: Node | number): Node => {
  const [taken, other] = [typeof a === 'number' ? constant(a) : a, typeof b === 'number' ? constant(b) : b]
  const branches = broadcastShapes(taken.shape, other.shape)
  const shape = branches === null ? null : broadcastShapes(condition.shape, branches)
  if (shape === null) throw shapeError('where', 'the shapes do not broadcast', condition, taken, other)
  return makeNode(operation, [condition, taken, other], shape)
})
