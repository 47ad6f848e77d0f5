import { sizeOf } from '../tensor.ts'
import { type Node, topologicalOrder } from './graph.ts'
import { outputsOf } from './onnx.ts'
import { valueOf } from './ops/input.ts'
import type { SplitGraph } from './split-states.ts'
import { isComputable, type VectorExpression } from './vector-kernel.ts'

/** Results of `length` numbers that are computed together. */
export type VectorWork = VectorExpression & { readonly length: number }

/** `results` of the expression are the next values of `states`. */
export type StateUpdate = VectorWork & { readonly states: readonly Node[] }

/** What is computed after the session, in this order. */
export type AfterSession = {
  /** Each has one result, whose numbers are added up for `sum`. */
  readonly sums: readonly (VectorWork & { readonly sum: Node })[]
  /** Scalars made of sums, as results of one number; `late` has the nodes of the graph that they stand for. */
  readonly scalars: (VectorWork & { readonly late: readonly Node[] }) | null
  readonly updates: readonly StateUpdate[]
}

/**
 * A graph without what is computed after it from the states, the inputs and the values that it answers beside its outputs, under the names in `given`. `answers` are the outputs that are
 * among the late scalars.
 */
export type FusedGraph = SplitGraph & AfterSession & { readonly given: ReadonlyMap<Node, string>; readonly answers: Readonly<Record<string, Node>> }

/**
 * Takes out of a graph what is computed number by number at its end, from gradients to parameters and moments, and the norm of the gradients: an optimiser as one pass over each part of
 * the states instead of one for each operation. What the graph answers for it lies as it is computed, before it is reshaped to vectors.
 */
export function fuseUpdates(split: SplitGraph): FusedGraph {
  const updates = updatesOf(split)
  if (updates.length > MOST_SUMS) return withUpdates(split, updates, noSums)
  const fused = withUpdates(split, updates, sumsOver(new Set(updates.flatMap((update) => update.vectors))))
  // one norm for all: where the session needs it too, it alone adds it up
  const inSession = new Set(topologicalOrder(Object.values(outputsOf(fused.graph))))
  return fused.sums.length > MOST_SUMS || fused.sums.some(({ sum }) => inSession.has(sum)) ? withUpdates(split, updates, noSums) : fused
}

/** A function of WebAssembly takes 1,000 arguments at most in V8, and the one of the late scalars an address for each sum. */
const MOST_SUMS = 400

function withUpdates({ graph, parts }: SplitGraph, updates: readonly StateUpdate[], { sums, isLate }: Sums): FusedGraph {
  const answers = Object.fromEntries(Object.entries(graph.outputs).filter(([, node]) => isLate(node)))
  const late = [...new Set([...updates.flatMap(({ scalars }) => scalars).filter(isLate), ...Object.values(answers)])]
  const scalars = late.length === 0 ? null : { ...scalarExpression(late, isLate), length: 1, late }
  const fused = new Set(updates.flatMap(({ states }) => states))
  const state = graph.state.filter(({ input }) => !fused.has(input))
  const own = new Set([...graph.inputs, ...graph.state.map(({ input }) => input), ...late, ...sums.keys()])
  const given = new Map([...new Set([...updates, ...sums.values(), ...(scalars === null ? [] : [scalars])].flatMap(leavesOf))].filter((node) => !own.has(node)).map((node, i) => [node, `#given${i}`]))
  const outputs = { ...Object.fromEntries(Object.entries(graph.outputs).filter(([name]) => !(name in answers))), ...Object.fromEntries([...given].map(([node, name]) => [name, node])) }
  const read = new Set(topologicalOrder([...Object.values(outputs), ...state.map(({ next }) => next)]))
  const inputs = [...graph.inputs, ...[...fused].filter((node) => read.has(node))]
  return { graph: { inputs, state, outputs }, parts, updates, sums: [...sums].map(([sum, work]) => ({ ...work, sum })), scalars, given, answers }
}

/** What an expression reads. */
export function leavesOf({ vectors, scalars }: VectorExpression): Node[] {
  return [...vectors, ...scalars]
}

/** States that are cut into parts, and updated number by number. */
function updatesOf({ graph, parts }: SplitGraph): StateUpdate[] {
  const nexts = new Map(graph.state.map(({ input, next }) => [input, next]))
  const cut = parts.filter((ones) => ones.length > 1)
  // parts of one place in states that are cut alike are parts of one parameter
  return [...new Set(cut.map(cutOf))].flatMap((cutting) => {
    const alike = cut.filter((ones) => cutOf(ones) === cutting)
    return alike[0]!.flatMap(({ shape }, index): StateUpdate[] => {
      const length = sizeOf(shape)
      const states = alike.map((ones) => ones[index]!).filter((state) => isInside(nexts.get(state)!, length))
      return states.length === 0 ? [] : [{ ...expressionOf(states.map((state) => nexts.get(state)!), length), length, states }]
    })
  })
}

/** Which scalars are made of sums that are added up after the session; the sums are found as it is asked. */
type Sums = { readonly sums: ReadonlyMap<Node, VectorWork>; isLate(node: Node): boolean }

const noSums: Sums = { sums: new Map(), isLate: () => false }

/** Sums over what is computed from `vectors`. */
function sumsOver(vectors: ReadonlySet<Node>): Sums {
  const sums = new Map<Node, VectorWork>()
  const known = new Map<Node, boolean>()
  const isSum = (node: Node): boolean => {
    const [summed] = node.inputs
    if (node.operation.name !== 'sum' || summed!.shape.length !== 1 || sizeOf(node.shape) !== 1) return false
    const length = sizeOf(summed!.shape)
    const work = { ...expressionOf([summed!], length), length }
    // sums are added up first: what they are made of must be there by then
    const isOurs = work.vectors.length > 0 && work.vectors.every((vector) => vectors.has(vector)) && !work.scalars.some(isLate)
    if (isOurs) sums.set(node, work)
    return isOurs
  }
  const isLate = (node: Node): boolean => {
    if (!known.has(node)) {
      const isScalar = isComputable(node) && sizeOf(node.shape) === 1 && node.inputs.every(({ shape }) => sizeOf(shape) === 1)
      // every input is asked: the sums of all of them are needed
      known.set(node, isSum(node) || (isScalar && node.inputs.map(isLate).includes(true)))
    }
    return known.get(node)!
  }
  return { sums, isLate }
}

function scalarExpression(late: readonly Node[], isLate: (node: Node) => boolean): VectorExpression {
  const { results, read } = cutOff(late, (node) => isLate(node) && node.operation.name !== 'sum')
  return { vectors: [], scalars: read, results }
}

/** A graph as it is, all of it for the session. */
export function unfused(split: SplitGraph): FusedGraph {
  return { ...split, sums: [], scalars: null, updates: [], given: new Map(), answers: {} }
}

const cutOf = (parts: readonly Node[]): string => parts.map(({ shape }) => sizeOf(shape)).join()

/** Whether a node is arithmetic on vectors of `length` numbers and on scalars. */
function isInside(node: Node, length: number): boolean {
  return isComputable(node) && sizeOf(node.shape) === length && node.inputs.every(({ shape }) => sizeOf(shape) === length || sizeOf(shape) === 1)
}

/** What results of `length` numbers are computed from, back to what is no arithmetic on vectors. */
function expressionOf(nodes: readonly Node[], length: number): VectorExpression {
  const { results, read } = cutOff(nodes, (node) => isInside(node, length))
  const isVector = ({ shape }: Node): boolean => sizeOf(shape) === length
  return { vectors: read.filter(isVector), scalars: read.filter((node) => !isVector(node)), results }
}

/** Results whose inputs are cut off where nodes are no longer inside: what is read there, but for constants. */
function cutOff(nodes: readonly Node[], isWithin: (node: Node) => boolean): { results: Node[]; read: Node[] } {
  const copies = new Map<Node, Node>()
  const read = new Set<Node>()
  const copyOf = (node: Node): Node => {
    const known = copies.get(node)
    if (known !== undefined) return known
    const within = isWithin(node)
    const copy = within ? { ...node, inputs: node.inputs.map(copyOf) } : isConstantScalar(node) ? node : unreshaped(node)
    if (!within && !isConstantScalar(node)) read.add(copy)
    copies.set(node, copy)
    return copy
  }
  return { results: nodes.map(copyOf), read: [...read] }
}

function isConstantScalar(node: Node): boolean {
  return valueOf(node) !== null && sizeOf(node.shape) === 1
}

/** The node whose numbers a chain of reshapes shows, in the same order. */
function unreshaped(node: Node): Node {
  return node.operation.name === 'reshape' ? unreshaped(node.inputs[0]!) : node
}
