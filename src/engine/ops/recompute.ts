import { pullBack } from '../autodiff.ts'
import { callable, checkArguments, node } from '../arguments.ts'
import { callPlace, makeNode, type Node, type Operation, topologicalOrder } from '../graph.ts'
import { after } from './after.ts'

/** Where a segment begins. Its value is its input; each is a node of its own, equal ones too. */
const gateOperation: Operation = {
  name: 'gate',
  isView: true,
  evaluate: (_, [x]) => x!,
  gradient: (_, upstream) => [upstream],
  lower: (_, [x], output, onnx) => onnx.node('Identity', [x!], [output]),
}

/**
 * `make(...inputs)`, of which no inner value is kept for the derivative: the backward pass computes them again, from `inputs` alone, when it comes there. The values are the
 * same bit for bit; memory is that of one segment and the inputs of all, for about a third more work (Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016).
 * Pass activations as inputs; parameters may be captured.
 */
export function recompute(make: (...inputs: Node[]) => Node, ...inputs: readonly Node[]): Node {
  // not `checked`: what `make` calls is called from outside
  checkArguments('recompute', { make: callable, '...inputs': node }, [make, ...inputs], { place: callPlace })
  const gates = new Set(inputs.map((input) => makeNode(gateOperation, [input], input.shape)))
  const result = make(...gates)
  checkArguments('recompute', { 'what make answers': node }, [result], { place: callPlace })
  const inner = new Set<Node>(gates)
  for (const node of topologicalOrder([result])) if (node.inputs.some((input) => inner.has(input))) inner.add(node)
  if (!inner.has(result)) return result
  const reached = topologicalOrder([result]).filter((node) => inner.has(node))
  const boundary = [...new Set(reached.flatMap((node) => node.inputs.filter((input) => !inner.has(input))))]
  return makeNode(segment(gates), [result, ...boundary], result.shape)
}

function segment(gates: ReadonlySet<Node>): Operation {
  return {
    name: 'recompute',
    isView: true,
    evaluate: (_, [result]) => result!,
    gradient: (node, upstream, wanted) => {
      const boundary = node.inputs.slice(1)
      const derivatives = pullBack(node.inputs[0]!, upstream, boundary.filter((_, i) => wanted[i + 1]), new Set(boundary))
      const again = recomputed(derivatives, { gates, upstream, ends: [node, ...boundary] })
      const found = boundary.map((_, i) => (wanted[i + 1] === true ? again.shift() ?? null : null))
      // what is left of the way goes on after this segment is done with: else its values would be kept for the gradients of its parameters
      const entries = new Set([...gates].map((gate) => gate.inputs[0]!))
      const captured = found.filter((one, i): one is Node => one !== null && !entries.has(boundary[i]!))
      return [null, ...found.map((one, i) => (one !== null && entries.has(boundary[i]!) ? after(one, captured) : one))]
    },
    lower: (_, [result], output, onnx) => onnx.node('Identity', [result!], [output]),
  }
}

/** Derivatives made of a segment's values, of those computed once more in place of them: behind other gates, which open when `upstream` is there. */
function recomputed(derivatives: readonly (Node | null)[], { gates, upstream, ends }: { gates: ReadonlySet<Node>; upstream: Node; ends: readonly Node[] }): (Node | null)[] {
  const again = new Map<Node, Node>([upstream, ...ends].map((node) => [node, node]))
  for (const node of topologicalOrder(derivatives.filter((one) => one !== null))) {
    if (again.has(node)) continue
    const inputs = node.inputs.map((input) => again.get(input)!)
    if (gates.has(node)) again.set(node, after(node.inputs[0]!, [upstream]))
    else again.set(node, inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs })
  }
  return derivatives.map((one) => (one === null ? null : again.get(one)!))
}
