import { sizeOf } from '../tensor.ts'
import { broadcastShapes, type Graph, type Node, topologicalOrder } from './graph.ts'
import { add } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import { constant, input, nameOf } from './ops/input.ts'
import { slice } from './ops/slice.ts'
import { expand, sum } from './ops/sum.ts'
import { shareCommonNodes } from './simplify.ts'

export type PartSizes = { readonly small?: number; readonly most?: number }

/** A graph whose flat states are several smaller ones; `parts` has the inputs of each state of the graph it was made from, which lie one after the other. */
export type SplitGraph = { readonly graph: Graph; readonly parts: readonly (readonly Node[])[] }

/**
 * The same computation with each flat state [N] in the parts that the graph cuts it into (the parameters, for the vectors of an optimiser): what is computed element by element over
 * the whole is computed part by part, so that a part stays in the processor's caches from its gradient to its update, and large ones are not joined and cut again. Neighbours of less
 * than `small` numbers stay together, up to `most`: each node costs time too, most of it when the graph is opened. Values keep their bits, but sums over whole vectors, which are sums of
 * the parts' sums. More nodes, fewer bytes: for processors, not for devices on which each node costs a launch.
 */
export function splitStates(given: Graph, { small = 2 ** 15, most = 2 ** 16 }: PartSizes = {}): SplitGraph {
  const graph = shareCommonNodes(given)
  const results = [...graph.state.map(({ next }) => next), ...Object.values(graph.outputs)]
  const order = topologicalOrder(results)
  const joinSmall = (ranges: readonly Range[]): Range[] => joined(ranges, { small, most })
  const cuts = cutsOf(order, graph.state.map((state) => state.input), joinSmall)
  const parts = graph.state.map(({ input: state }) => cuts.get(state)?.map(([start, end], index) => input(`#${nameOf(state)}:${index}`, [end - start])) ?? [state])
  const rewritten = rewrite(order, new Map(graph.state.flatMap((state, i) => (cuts.has(state.input) ? [[state.input, parts[i]!] as const] : []))), joinSmall)
  return {
    parts,
    graph: {
      inputs: graph.inputs,
      state: graph.state.flatMap(({ input: state, next }, i) => {
        const ranges = cuts.get(state)
        if (ranges === undefined) return [{ input: state, next: rewritten.whole(next) }]
        return ranges.map(([start, end], index) => ({ input: parts[i]![index]!, next: expandTo(rewritten.part(next, start, end), [end - start]) }))
      }),
      outputs: Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, rewritten.whole(node)])),
    },
  }
}

type Range = readonly [start: number, end: number]

/** Ranges with small neighbours as one. */
function joined(ranges: readonly Range[], { small, most }: Required<PartSizes>): Range[] {
  const found: Range[] = []
  let isOpen = false
  for (const [start, end] of ranges) {
    const isSmall = end - start < small
    if (isSmall && isOpen && end - found.at(-1)![0] <= most) found[found.length - 1] = [found.at(-1)![0], end]
    else found.push([start, end])
    isOpen = isSmall
  }
  return found
}

/** The ranges of each flat state, cut where any state of its length is cut; those that nothing cuts are not there. */
function cutsOf(order: readonly Node[], states: readonly Node[], joinSmall: (ranges: readonly Range[]) => Range[]): Map<Node, Range[]> {
  const flat = states.filter(({ shape }) => shape.length === 1)
  const ends = new Map<number, Set<number>>()
  for (const node of order) {
    const [range, from] = [cutBy(node), node.inputs[0]!]
    if (range === null || !flat.includes(from)) continue
    const length = from.shape[0]!
    if (!ends.has(length)) ends.set(length, new Set([length]))
    for (const end of range) if (end > 0) ends.get(length)!.add(end)
  }
  const ranges = flat.flatMap((state) => {
    const sorted = [...ends.get(state.shape[0]!) ?? []].sort((a, b) => a - b)
    const parts = joinSmall(sorted.map((end, i) => [sorted[i - 1] ?? 0, end]))
    return parts.length > 1 ? [[state, parts] as const] : []
  })
  return new Map(ranges)
}

/** Nodes of the new graph for those of the old one, whole or a range of a vector. */
type Rewritten = { whole(node: Node): Node; part(node: Node, start: number, end: number): Node }

function rewrite(order: readonly Node[], parts: ReadonlyMap<Node, readonly Node[]>, joinSmall: (ranges: readonly Range[]) => Range[]): Rewritten {
  const [nodes, ranges] = [new Map<Node, Node>(), new Map<Node, Map<string, Node>>()]
  const whole = (node: Node): Node => nodes.get(node)!
  const part = (node: Node, start: number, end: number): Node => {
    if (!ranges.has(node)) ranges.set(node, new Map())
    const known = ranges.get(node)!
    const key = `${start}:${end}`
    if (!known.has(key)) known.set(key, partOf(node, start, end))
    return known.get(key)!
  }
  for (const node of order) nodes.set(node, wholeOf(node))
  return { whole, part }

  function wholeOf(node: Node): Node {
    const [from] = node.inputs
    const range = cutBy(node)
    if (range !== null) return expandTo(part(from!, ...range), node.shape)
    if (node.operation.name === 'sum' && from!.shape.length === 1 && sizeOf(node.shape) === 1) {
      const ranges = joinedBy(from!)
      if (ranges !== null) return joinSmall(ranges).map(([start, end]) => sum(expandTo(part(from!, start, end), [end - start]), [0], { keepDims: node.shape.length === 1 })).reduce((all, one) => add(all, one))
    }
    const known = parts.get(node)
    if (known !== undefined) return concat(known, 0)
    return node.inputs.some((one) => whole(one) !== one) ? { ...node, inputs: node.inputs.map(whole) } : node
  }

  /** The numbers [start, end) of a vector; of those that are all one constant a scalar. */
  function partOf(node: Node, start: number, end: number): Node {
    const known = parts.get(node)
    if (known !== undefined) return inRange(known, start, end)
    if (node.operation.name === 'concat') return inRange(node.inputs, start, end)
    const range = cutBy(node)
    if (range !== null) return part(node.inputs[0]!, start + range[0], end + range[0])
    if (node.operation.name === 'constant') {
      const data = (node.attributes['data'] as Float32Array).subarray(start, end)
      return data.every((value) => value === data[0]) ? constant(data[0]!) : constant({ shape: [data.length], data: data.slice() })
    }
    if (start === 0 && end === node.shape[0]) return whole(node)
    if (node.operation.isElementwise === true) {
      const inputs = node.inputs.map((one) => (one.shape.length === 1 && one.shape[0] === node.shape[0] ? part(one, start, end) : whole(one)))
      return folded({ ...node, inputs, shape: inputs.reduce<readonly number[]>((shape, one) => broadcastShapes(shape, one.shape)!, []) })
    }
    return ranged(whole(node), start, end)
  }

  /** A range of vectors that lie one after the other: those of the old graph (a concat's) or of the new one (a state's). */
  function inRange(vectors: readonly Node[], start: number, end: number): Node {
    const found: Node[] = []
    let at = 0
    for (const vector of vectors) {
      const length = vector.shape[0]!
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, length)]
      if (from < to) found.push(nodes.has(vector) ? expandTo(part(vector, from, to), [to - from]) : ranged(vector, from, to))
      at += length
    }
    return found.length === 1 ? found[0]! : concat(found, 0)
  }
}

function ranged(vector: Node, start: number, end: number): Node {
  return start === 0 && end === vector.shape[0] ? vector : slice(vector, 0, start, end)
}

/** The range of a vector that a node is; null = it is none. */
function cutBy({ operation, inputs, shape, attributes }: Node): Range | null {
  const { start, step } = attributes as { start: number; step: number }
  return operation.name === 'slice' && inputs[0]!.shape.length === 1 && step === 1 ? [start, start + shape[0]!] : null
}

/** Where a vector is joined from others, seen through what is computed element by element; null = it is not. */
function joinedBy(node: Node): Range[] | null {
  if (node.operation.name === 'concat') {
    let at = 0
    return node.inputs.map(({ shape }): Range => [at, at += shape[0]!])
  }
  if (node.operation.isElementwise !== true) return null
  return node.inputs.filter(({ shape }) => shape.length === 1 && shape[0] === node.shape[0]).map(joinedBy).find((found) => found !== null) ?? null
}

/** x * 1 and x - 0 are x, and 0 * a scalar is 0: what is left of a constant that decides for each number whether weight decay applies. */
function folded(node: Node): Node {
  const [a, b] = node.inputs as [Node, Node]
  const is = (one: Node, value: number): boolean => one.operation.name === 'constant' && one.shape.length === 0 && (one.attributes['data'] as Float32Array)[0] === value
  if (node.operation.name === 'sub') return is(b, 0) ? a : node
  if (node.operation.name !== 'mul') return node
  if (is(a, 1) || (is(b, 0) && a.shape.length === 0)) return b
  return is(b, 1) || (is(a, 0) && b.shape.length === 0) ? a : node
}

function expandTo(node: Node, shape: readonly number[]): Node {
  return node.shape.length === 0 ? expand(node, shape) : node
}
