import { sizeOf, type Tensor } from '../../tensor.ts'
import { type Kind, tensor, text, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'

export const inputOperation: Operation = {
  name: 'input',
  evaluate: (node) => { throw new Error(`input "${String(node.attributes['name'])}" was not fed`) },
  gradient: () => [],
  lower: () => {},
}

/** A value fed at each run under its name, or carried from run to run as a state. */
export const input = checked('input', { name: text, shape: wholes }, (name: string, shape: readonly number[]): Node => {
  return makeNode(inputOperation, [], shape, { name })
})

const numberOrTensor: Kind = (value) => (typeof value === 'number' ? null : tensor(value))

const constantOperation: Operation = {
  name: 'constant',
  evaluate: (node) => Float64Array.from(node.attributes['data'] as Float32Array),
  gradient: () => [],
  lower: (node, _, output, onnx) => onnx.node('Identity', [onnx.floats({ shape: node.shape, data: node.attributes['data'] as Float32Array })], [output]),
}

/** A fixed value: a number (a scalar) or a tensor. */
export const constant = checked('constant', { value: numberOrTensor }, (value: number | Tensor): Node => {
  const { shape, data } = typeof value === 'number' ? { shape: [], data: Float32Array.of(value) } : value
  if (sizeOf(shape) !== data.length) throw shapeError('constant', `[${shape.join(', ')}] does not hold ${data.length} numbers`)
  return makeNode(constantOperation, [], shape, { data })
})

/** The name of an input node, null for any other node. */
export function nameOf(node: Node): string | null {
  return node.operation === inputOperation ? String(node.attributes['name']) : null
}

/** The numbers of a constant, null for any other node. */
export function valueOf(node: Node): Float32Array | null {
  return node.operation === constantOperation ? (node.attributes['data'] as Float32Array) : null
}
