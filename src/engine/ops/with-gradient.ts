import { callable, list, node, text } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'

/**
 * `value`, made of the nodes `of`, with derivatives for them in closed form in place of those that would flow back through what it is composed of: fewer passes, or safe where the
 * composition divides by zero. `gradient` answers one node (or null = none flows) for each of `of`; they are nodes like others and have derivatives themselves.
 */
export const withGradient = checked('withGradient', {
  name: text, value: node, of: list(node), gradient: callable,
}, (name: string, value: Node, of: readonly Node[], gradient: (upstream: Node) => readonly (Node | null)[]): Node => {
  const operation: Operation = {
    name,
    evaluate: (_, inputs) => inputs.at(-1)!,
    gradient: (_, upstream) => [...gradient(upstream), null],
    lower: (_, inputs, output, onnx) => onnx.node('Identity', [inputs.at(-1)!], [output]),
  }
  return makeNode(operation, [...of, value], value.shape, { closedForm: 1 })
})
