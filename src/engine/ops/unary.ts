import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Attributes, type Instruction, makeNode, type Node, type Operation, type OnnxEmitter } from '../graph.ts'

type Pointwise<A> = {
  readonly name: string
  /** An ONNX operator, or a function that writes several. */
  readonly onnx: string | ((input: string, output: string, onnx: OnnxEmitter, attributes: A) => void)
  readonly instruction?: Instruction
  value(x: number, attributes: A): number
  /** The derivative for x; null = none flows. */
  gradient(x: Node, node: Node, upstream: Node, attributes: A): Node | null
}

/** An operation on each element by itself. */
export function pointwise(parts: Pointwise<Attributes>): (x: Node) => Node {
  const make = pointwiseWith(parts)
  return checked(parts.name, { x: node }, (x: Node) => make(x, {}))
}

/** An operation on each element by itself, with options. */
export function pointwiseWith<A extends Attributes>({ name, onnx, instruction, value, gradient }: Pointwise<A>): (x: Node, attributes: A) => Node {
  const operation: Operation = {
    name,
    isElementwise: true,
    ...(instruction === undefined ? {} : { instruction }),
    evaluate: ({ attributes }, [x]) => x!.map((number) => value(number, attributes as A)),
    gradient: (node, upstream) => [gradient(node.inputs[0]!, node, upstream, node.attributes as A)],
    lower: ({ attributes }, [x], output, emitter) => (typeof onnx === 'string' ? emitter.node(onnx, [x!], [output]) : onnx(x!, output, emitter, attributes as A)),
  }
  return (x, attributes) => makeNode(operation, [x], x.shape, attributes)
}
