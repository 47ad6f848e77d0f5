import { sizeOf } from '../tensor.ts'
import { type Node, topologicalOrder } from './graph.ts'
import { valueOf } from './ops/input.ts'
import type { SplitGraph } from './split-states.ts'
import { isComputable, type VectorExpression } from './vector-kernel.ts'

/** Next states [length] that are computed together; `results` of the expression are the next values of `states`. */
export type StateUpdate = VectorExpression & { readonly length: number; readonly states: readonly Node[] }

/** A graph without what `updates` compute from the states, the inputs and the values that it answers beside its outputs, under the names in `given`. */
export type FusedGraph = SplitGraph & { readonly updates: readonly StateUpdate[]; readonly given: ReadonlyMap<Node, string> }

/**
 * Takes out of a graph what is computed number by number at its end, from gradients to parameters and moments: an optimiser as one pass over each part of the states instead of one
 * for each operation. What the graph answers for it lies as it is computed, before it is reshaped to vectors.
 */
export function fuseUpdates({ graph, parts }: SplitGraph): FusedGraph {
  const nexts = new Map(graph.state.map(({ input, next }) => [input, next]))
  const cut = parts.filter((ones) => ones.length > 1)
  // parts of one place in states that are cut alike are parts of one parameter
  const cuts = new Set(cut.map(cutOf))
  const updates = [...cuts].flatMap((cutting) => {
    const alike = cut.filter((ones) => cutOf(ones) === cutting)
    return alike[0]!.flatMap(({ shape }, index): StateUpdate[] => {
      const length = sizeOf(shape)
      const states = alike.map((ones) => ones[index]!).filter((state) => isInside(nexts.get(state)!, length))
      return states.length === 0 ? [] : [{ ...expressionOf(states.map((state) => nexts.get(state)!), length), length, states }]
    })
  })
  const fused = new Set(updates.flatMap(({ states }) => states))
  const state = graph.state.filter(({ input }) => !fused.has(input))
  const listed = new Set([...graph.inputs, ...graph.state.map(({ input }) => input)])
  const values = [...new Set(updates.flatMap((update) => [...update.vectors, ...update.scalars]))].filter((node) => !listed.has(node))
  const given = new Map(values.map((node, index) => [node, `#given:${index}`]))
  const outputs = { ...graph.outputs, ...Object.fromEntries([...given].map(([node, name]) => [name, node])) }
  const read = new Set(topologicalOrder([...Object.values(outputs), ...state.map(({ next }) => next)]))
  return { graph: { inputs: [...graph.inputs, ...[...fused].filter((node) => read.has(node))], state, outputs }, parts, updates, given }
}

/** A graph as it is, all of it for the session. */
export function unfused(split: SplitGraph): FusedGraph {
  return { ...split, updates: [], given: new Map() }
}

const cutOf = (parts: readonly Node[]): string => parts.map(({ shape }) => sizeOf(shape)).join()

/** Whether a node is arithmetic on vectors of `length` numbers and on scalars. */
function isInside(node: Node, length: number): boolean {
  return isComputable(node) && sizeOf(node.shape) === length && node.inputs.every(({ shape }) => sizeOf(shape) === length || sizeOf(shape) === 1)
}

/** What results of `length` numbers are computed from, back to what is no arithmetic on vectors. */
function expressionOf(results: readonly Node[], length: number): VectorExpression {
  const copies = new Map<Node, Node>()
  const read = new Set<Node>()
  const copyOf = (node: Node): Node => {
    const known = copies.get(node)
    if (known !== undefined) return known
    const inside = isInside(node, length)
    const copy = inside ? { ...node, inputs: node.inputs.map(copyOf) } : isConstantScalar(node) ? node : unreshaped(node)
    if (!inside && !isConstantScalar(node)) read.add(copy)
    copies.set(node, copy)
    return copy
  }
  const copied = results.map(copyOf)
  const isVector = ({ shape }: Node): boolean => sizeOf(shape) === length
  return { vectors: [...read].filter(isVector), scalars: [...read].filter((node) => !isVector(node)), results: copied }
}

function isConstantScalar(node: Node): boolean {
  return valueOf(node) !== null && sizeOf(node.shape) === 1
}

/** The node whose numbers a chain of reshapes shows, in the same order. */
function unreshaped(node: Node): Node {
  return node.operation.name === 'reshape' ? unreshaped(node.inputs[0]!) : node
}
