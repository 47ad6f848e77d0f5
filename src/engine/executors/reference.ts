import { sizeOf, type Tensor } from '../../tensor.ts'
import { type Executor, type Graph, type Node, type Program, topologicalOrder } from '../graph.ts'
import { nameOf } from '../ops/input.ts'
import { explainingMemory, machineMemory } from '../out-of-memory.ts'
import { checkGraph, fedFor, noRunYet, statesIn } from './checks.ts'

/** The oracle: every operation in float64, one after the other, nothing clever. For tests and for doubts. */
export function referenceExecutor(): Executor {
  return explainingMemory({
    name: 'reference',
    compile: async (graph) => {
      checkGraph(graph)
      return program(graph)
    },
  }, machineMemory())
}

/** The value of each node in float64, given the values of the inputs by name. */
export function evaluate(nodes: readonly Node[], feeds: Readonly<Record<string, ArrayLike<number>>>): Float64Array[] {
  const values = new Map<Node, Float64Array>()
  for (const node of topologicalOrder(nodes)) {
    const name = nameOf(node)
    const compute = (): Float64Array => node.operation.evaluate(node, node.inputs.map((input) => values.get(input)!))
    values.set(node, name === null ? compute() : Float64Array.from(fedFor(node, feeds[name])))
  }
  return nodes.map((node) => values.get(node)!)
}

function program({ inputs, state, outputs }: Graph): Program {
  let previous: Record<string, Float64Array> | null = null
  let carried: Record<string, Float64Array> = Object.fromEntries(state.map(({ input }) => [nameOf(input)!, new Float64Array(sizeOf(input.shape))]))
  const results = Object.keys(outputs)
  const copyOf = (node: Node, data: Float64Array): Tensor => ({ shape: node.shape, data: Float32Array.from(data) })
  const copies = (values: Record<string, Float64Array>): Record<string, Tensor> =>
    Object.fromEntries(state.map(({ input }) => [nameOf(input)!, copyOf(input, values[nameOf(input)!]!)]))
  return {
    run: async (feeds) => {
      for (const node of inputs) fedFor(node, feeds[nameOf(node)!]?.data, feeds[nameOf(node)!]?.shape)
      const fed = Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, data]))
      const values = evaluate([...Object.values(outputs), ...state.map(({ next }) => next)], { ...fed, ...carried })
      previous = carried
      carried = Object.fromEntries(state.map(({ input }, i) => [nameOf(input)!, values[results.length + i]!]))
      return Object.fromEntries(results.map((name, i) => [name, copyOf(outputs[name]!, values[i]!)]))
    },
    readState: async () => copies(carried),
    readPreviousState: async () => {
      if (previous === null) throw noRunYet()
      return copies(previous)
    },
    writeState: async (given: Readonly<Record<string, Tensor>>) => {
      statesIn(given, state.map(({ input }) => input))
      carried = { ...carried, ...Object.fromEntries(Object.entries(given).map(([name, { data }]) => [name, Float64Array.from(data)])) }
    },
    close: async () => {},
  }
}
