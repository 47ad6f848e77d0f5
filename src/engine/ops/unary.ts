import { makeNode, type Node, type Operation, type OnnxEmitter } from '../graph.ts'

type Pointwise = {
  readonly name: string
  /** An ONNX operator, or a function that writes several. */
  readonly onnx: string | ((input: string, output: string, onnx: OnnxEmitter) => void)
  value(x: number): number
  /** The derivative for x; null = none flows. */
  gradient(x: Node, node: Node, upstream: Node): Node | null
}

/** An operation on each element by itself. */
export function pointwise({ name, onnx, value, gradient }: Pointwise): (x: Node) => Node {
  const operation: Operation = {
    name,
    evaluate: (_, [x]) => x!.map(value),
    gradient: (node, upstream) => [gradient(node.inputs[0]!, node, upstream)],
    lower: (_, [x], output, emitter) => (typeof onnx === 'string' ? emitter.node(onnx, [x!], [output]) : onnx(x!, output, emitter)),
  }
  return (x) => makeNode(operation, [x], x.shape)
}
