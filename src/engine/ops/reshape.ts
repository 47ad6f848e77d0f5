import { sizeOf } from '../../tensor.ts'
import { node, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type OnnxEmitter, type Operation, shapeError } from '../graph.ts'

const operation: Operation = {
  name: 'reshape',
  isView: true,
  evaluate: (_, [x]) => x!,
  gradient: (node, upstream) => [reshape(upstream, node.inputs[0]!.shape)],
  lower: (node, [x], output, onnx) => emitReshape(x!, node.shape, output, onnx),
}

/** The same numbers in the same order under another shape. */
export const reshape = checked('reshape', { x: node, shape: wholes }, (x: Node, shape: readonly number[]): Node => {
  if (sizeOf(shape) !== sizeOf(x.shape)) throw shapeError('reshape', `cannot become [${shape.join(', ')}]`, x)
  return shape.length === x.shape.length && shape.every((extent, axis) => extent === x.shape[axis]) ? x : makeNode(operation, [x], shape)
})

/** Writes a reshape. ONNX takes an extent of 0 for "as it is" unless it is told not to. */
export function emitReshape(x: string, shape: readonly number[], output: string, onnx: OnnxEmitter): void {
  onnx.node('Reshape', [x, onnx.integers(shape)], [output], shape.includes(0) ? { allowzero: 1 } : {})
}
