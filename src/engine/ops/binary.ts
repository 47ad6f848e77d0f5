import { operand } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, broadcastStrides, forEachOffset, makeNode, type Node, type Instruction, type OnnxEmitter, type Operation, shapeError } from '../graph.ts'
import { constant } from './input.ts'
import { unbroadcast } from './sum.ts'

type Elementwise = {
  readonly name: string
  /** An ONNX operator, or a function that writes several. */
  readonly onnx: string | ((inputs: readonly string[], output: string, onnx: OnnxEmitter) => void)
  readonly instruction?: Instruction
  value(a: number, b: number): number
  /** Derivatives for a and b before broadcasting is undone; called lazily, null = none. */
  gradient(a: Node, b: Node, node: Node, upstream: Node): readonly (Node | null)[]
}

/** An operation on pairs of elements under numpy's broadcasting; numbers stand for scalars. */
export function elementwise({ name, onnx, instruction, value, gradient }: Elementwise): (a: Node | number, b: Node | number) => Node {
  const operation: Operation = {
    name,
    isElementwise: true,
    ...(instruction === undefined ? {} : { instruction }),
    evaluate: ({ shape, inputs }, [x, y]) => {
      const out = new Float64Array(shape.reduce((size, extent) => size * extent, 1))
      const [xs, ys] = [broadcastStrides(inputs[0]!.shape, shape), broadcastStrides(inputs[1]!.shape, shape)]
      forEachOffset(shape, xs, (offset, index) => { out[index] = x![offset]! })
      forEachOffset(shape, ys, (offset, index) => { out[index] = value(out[index]!, y![offset]!) })
      return out
    },
    gradient: (node, upstream) => {
      const [a, b] = [node.inputs[0]!, node.inputs[1]!]
      const [da, db] = gradient(a, b, node, upstream)
      return [da ? unbroadcast(da, a.shape) : null, db ? unbroadcast(db, b.shape) : null]
    },
    lower: (_, inputs, output, emitter) => (typeof onnx === 'string' ? emitter.node(onnx, inputs, [output]) : onnx(inputs, output, emitter)),
  }
  return checked(name, { a: operand, b: operand }, (left: Node | number, right: Node | number): Node => {
    const [a, b] = [typeof left === 'number' ? constant(left) : left, typeof right === 'number' ? constant(right) : right]
    const shape = broadcastShapes(a.shape, b.shape)
    if (shape === null) throw shapeError(name, 'the shapes do not broadcast', a, b)
    return makeNode(operation, [a, b], shape)
  })
}
