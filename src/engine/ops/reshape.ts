import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'

const operation: Operation = {
  name: 'reshape',
  isView: true,
  evaluate: (_, [x]) => x!,
  gradient: (node, upstream) => [reshape(upstream, node.inputs[0]!.shape)],
  lower: (node, [x], output, onnx) => onnx.node('Reshape', [x!, onnx.integers(node.shape)], [output]),
}

/** The same numbers in the same order under another shape. */
export function reshape(x: Node, shape: readonly number[]): Node {
  if (sizeOf(shape) !== sizeOf(x.shape)) throw shapeError('reshape', `cannot become [${shape.join(', ')}]`, x)
  return shape.length === x.shape.length && shape.every((extent, axis) => extent === x.shape[axis]) ? x : makeNode(operation, [x], shape)
}
