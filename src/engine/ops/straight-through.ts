import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'

const operation: Operation = {
  name: 'straightThrough',
  evaluate: (_, [forward]) => forward!,
  gradient: (_, upstream) => [null, upstream],
  lower: (_, [forward], output, onnx) => onnx.node('Identity', [forward!], [output]),
}

/** The value of one node with the derivative of another of the same shape: roundings, choices, masks on what flows back (Bengio, Léonard and Courville, 2013). */
export const straightThrough = checked('straightThrough', { forward: node, backward: node }, (forward: Node, backward: Node): Node => {
  if (forward.shape.join() !== backward.shape.join()) throw shapeError('straightThrough', 'the shapes differ', forward, backward)
  return makeNode(operation, [forward, backward], forward.shape)
})
