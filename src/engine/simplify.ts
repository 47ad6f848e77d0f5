import type { Graph, Node } from './graph.ts'
import { topologicalOrder } from './graph.ts'
import { inputOperation } from './ops/input.ts'

/** The graph with equal nodes (same operation, attributes and inputs) made one: what a derivative recomputes is computed once. */
export function shareCommonNodes(graph: Graph): Graph {
  const canonical = new Map<string, Node>()
  const replacement = new Map<Node, Node>()
  const names = new Map<Node, number>()
  const outputs = [...graph.state.map(({ next }) => next), ...Object.values(graph.outputs)]
  for (const node of topologicalOrder([...graph.inputs, ...graph.state.map(({ input }) => input), ...outputs])) {
    const inputs = node.inputs.map((input) => replacement.get(input)!)
    const key = node.operation === inputOperation ? null : keyOf(node, inputs, names)
    const known = key === null ? undefined : canonical.get(key)
    const own = known ?? (inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs })
    if (known === undefined) {
      names.set(own, names.size)
      if (key !== null) canonical.set(key, own)
    }
    replacement.set(node, own)
  }
  const shared = (node: Node): Node => replacement.get(node)!
  return {
    inputs: graph.inputs,
    state: graph.state.map(({ input, next }) => ({ input, next: shared(next) })),
    outputs: Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, shared(node)])),
  }
}

/** Text that is equal for nodes of equal value, given numbers for the inputs; null = it would be too long. */
export function keyOf(node: Node, inputs: readonly Node[], names: ReadonlyMap<Node, number>): string | null {
  const attributes = Object.entries(node.attributes).map(([name, value]) => {
    if (value instanceof Float32Array) return value.length > 64 ? null : `${name}=${numbersAsText(value)}`
    // not as JSON, in which infinities and NaN are all null
    return `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`
  })
  if (attributes.includes(null)) return null
  return [node.operation.name, node.shape.join(','), inputs.map((input) => names.get(input)).join(','), ...attributes].join('|')
}

/** Text that differs where numbers differ in a bit; of NaN there is one. */
export function numbersAsText(numbers: Float32Array): string {
  return Array.from(numbers, (number) => (Object.is(number, -0) ? '-0' : String(number))).join(',')
}
