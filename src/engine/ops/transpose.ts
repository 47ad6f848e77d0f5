import { sizeOf } from '../../tensor.ts'
import { node, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { forEachOffset, makeNode, type Node, type Operation, shapeError } from '../graph.ts'

const operation: Operation = {
  name: 'transpose',
  evaluate: (node, [x]) => {
    const { shape } = node.inputs[0]!
    const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
    const out = new Float64Array(x!.length)
    forEachOffset(node.shape, permutationOf(node).map((axis) => strides[axis]!), (offset, index) => { out[index] = x![offset]! })
    return out
  },
  gradient: (node, upstream) => {
    const inverse = permutationOf(node).map((_, axis) => permutationOf(node).indexOf(axis))
    return [transpose(upstream, inverse)]
  },
  lower: (node, [x], output, onnx) => onnx.node('Transpose', [x!], [output], { perm: permutationOf(node) }),
}

/** Axes in another order: axis i of the result is axis permutation[i] of x. */
export const transpose = checked('transpose', { x: node, permutation: wholes }, (x: Node, permutation: readonly number[]): Node => {
  const fits = permutation.length === x.shape.length && permutation.toSorted((a, b) => a - b).every((axis, i) => axis === i)
  if (!fits) throw shapeError('transpose', `no permutation [${permutation.join(', ')}]`, x)
  return makeNode(operation, [x], permutation.map((axis) => x.shape[axis]!), { permutation })
})

/** x with its last two axes exchanged. */
export const transposeLast = checked('transposeLast', { x: node }, (x: Node): Node => {
  const rank = x.shape.length
  return transpose(x, [...x.shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)))
})

function permutationOf(node: Node): readonly number[] {
  return node.attributes['permutation'] as readonly number[]
}
