import { sizeOf, type Tensor } from '../tensor.ts'
import { type Executor, type Graph, type Node, topologicalOrder } from './graph.ts'
import { readable } from './float16.ts'
import { inputsOf, outputsOf } from './onnx.ts'
import { nameOf } from './ops/input.ts'

/** What the numbers of a value are; `least` and `greatest` of the finite ones, null where there is none. `first` = the index of the first number that is not finite. */
export type ValueRange = {
  readonly least: number | null; readonly greatest: number | null
  readonly numbers: number; readonly nan: number; readonly infinite: number
  readonly first: readonly number[] | null
}

/** The node that first held NaN or an infinity, of those that an output's own came from. */
export type NonFinite = {
  readonly node: Node
  readonly value: ValueRange
  readonly inputs: readonly { readonly node: Node; readonly value: ValueRange }[]
  /** The first output, next states after the others, that is not finite: `loss` = it is of the forward pass. */
  readonly output: string
}

/**
 * Runs a graph once more on the given inputs and states, with its intermediate values as outputs, at most `bytes` of them at a time, and answers the first node
 * that is not finite in order of computation; null = every output is finite. An infinity that comes to nothing on its way, as the -Infinity of a mask does in
 * a softmax, is passed over: only nodes from which a path of values that are not finite leads to an output count. The graph's own state is not touched.
 */
export async function firstNonFinite(
  executor: Executor, graph: Graph, { state, feeds, bytes = 2 ** 28 }: { state: Readonly<Record<string, Tensor>>; feeds: Readonly<Record<string, Tensor>>; bytes?: number },
): Promise<NonFinite | null> {
  const look = watching(executor, inputsOf(graph), { ...feeds, ...state })
  const outputs = Object.entries(outputsOf(graph))
  const seen = await look([...new Set(outputs.map(([, node]) => node))])
  const [output, root] = outputs.find(([, node]) => !isFinite(seen.get(node)!)) ?? [null, null]
  if (output === null) return null

  const order = topologicalOrder([root])
  const ranges = new Map<Node, ValueRange>()
  for (const nodes of inChunks(order, bytes)) for (const [node, range] of await look(nodes)) ranges.set(node, range)
  const leading = new Set([root])
  for (const node of order.toReversed()) {
    if (leading.has(node)) for (const input of node.inputs) if (!isFinite(ranges.get(input)!)) leading.add(input)
  }
  const node = order.find((one) => leading.has(one))!
  // rounded otherwise with every value kept, the output itself may come out finite
  const value = node === root ? seen.get(root)! : ranges.get(node)!
  return { node, value, inputs: node.inputs.map((input) => ({ node: input, value: ranges.get(input)! })), output }
}

function isFinite({ nan, infinite }: ValueRange): boolean {
  return nan + infinite === 0
}

/** What tells the ranges of nodes, computed from the inputs anew each time. */
function watching(executor: Executor, inputs: readonly Node[], given: Readonly<Record<string, Tensor>>): (nodes: readonly Node[]) => Promise<Map<Node, ValueRange>> {
  return async (nodes) => {
    const known = new Map(nodes.map((node) => [node, knownData(node, given)] as const))
    const computed = nodes.filter((node) => known.get(node) === null)
    const found = new Map(nodes.flatMap((node) => (known.get(node) === null ? [] : [[node, rangeOf(node.shape, known.get(node)!)] as const])))
    if (computed.length === 0) return found
    const program = await executor.compile({ inputs, state: [], outputs: Object.fromEntries(computed.map((node, i) => [`node:${i}`, readable(node)])) })
    try {
      // what a step is fed beside these is for its update
      const values = await program.run(Object.fromEntries(Object.entries(given).filter(([name]) => inputs.some((node) => nameOf(node) === name))))
      for (const [i, node] of computed.entries()) found.set(node, rangeOf(node.shape, values[`node:${i}`]!.data))
      return found
    } finally {
      await program.close()
    }
  }
}

/** The numbers of a node that nothing computes: fed, fixed or none. */
function knownData(node: Node, given: Readonly<Record<string, Tensor>>): ArrayLike<number> | null {
  const name = nameOf(node)
  if (name !== null) return given[name]?.data ?? []
  if (sizeOf(node.shape) === 0) return []
  return node.inputs.length === 0 ? node.operation.evaluate(node, []) : null
}

/** So many nodes that their values take at most `bytes`, at least one. */
function inChunks(nodes: readonly Node[], bytes: number): Node[][] {
  const chunks: Node[][] = []
  let room = 0
  for (const node of nodes) {
    const size = 4 * sizeOf(node.shape)
    if (size > room || chunks.at(-1)!.length === MOST_OUTPUTS) {
      chunks.push([])
      room = bytes
    }
    chunks.at(-1)!.push(node)
    room = Math.max(0, room - size)
  }
  return chunks
}

/** Outputs of one program. */
const MOST_OUTPUTS = 200

function rangeOf(shape: readonly number[], data: ArrayLike<number>): ValueRange {
  let [least, greatest, nan, infinite, first] = [Infinity, -Infinity, 0, 0, -1]
  for (let at = 0; at < data.length; at++) {
    const number = data[at]!
    if (Number.isFinite(number)) {
      if (number < least) least = number
      if (number > greatest) greatest = number
      continue
    }
    if (first === -1) first = at
    if (Number.isNaN(number)) nan++
    else infinite++
  }
  return {
    ...(least > greatest ? { least: null, greatest: null } : { least, greatest }), numbers: data.length, nan, infinite, first: first === -1 ? null : placeOf(first, shape),
  }
}

/** A place in row-major order, axis by axis. */
export function placeOf(at: number, shape: readonly number[]): number[] {
  return shape.reduceRight<{ index: number[]; left: number }>(
    ({ index, left }, extent) => ({ index: [left % extent, ...index], left: Math.floor(left / extent) }), { index: [], left: at }).index
}
