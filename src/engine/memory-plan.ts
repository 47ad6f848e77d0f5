import { sizeOf } from '../tensor.ts'
import { checkArguments, graphKind } from './arguments.ts'
import { type Graph, type Node, topologicalOrder } from './graph.ts'
import { inputsOf, outputsOf } from './onnx.ts'
import { nameOf } from './ops/input.ts'
import { shareCommonNodes } from './simplify.ts'

/** A value that lies in memory at the peak. */
export type LiveTensor = {
  readonly bytes: number
  readonly shape: readonly number[]
  /** The operation, or `input "name"`. */
  readonly what: string
  /** File and line, e.g. `encoder.ts:31` or `the derivative of encoder.ts:31`. */
  readonly madeAt: string
}

export type MemoryPlan = {
  /** The most that lies in memory at once. */
  readonly peakBytes: number
  /** The part of it that is there from beginning to end: feeds, constants, outputs, and states twice (before and after the run). */
  readonly heldBytes: number
  /** The ten largest at the peak, largest first. */
  readonly largest: readonly LiveTensor[]
}

/**
 * What a run of `graph` needs in memory, estimated by liveness: a value is there from the node that makes it to the last that reads it, nodes being run in the
 * order of the ONNX file, equal ones once. Executors reorder, fuse, reuse in place and keep scratch of their own: docs/engine.md has measured peaks beside it.
 */
export function memoryPlan(graph: Graph): MemoryPlan {
  checkArguments('memoryPlan', { graph: graphKind }, [graph])
  const shared = shareCommonNodes(graph)
  const results = Object.entries(outputsOf(shared))
  const order = topologicalOrder(results.map(([, node]) => node))
  const constants = order.filter((node) => node.inputs.length === 0 && nameOf(node) === null)
  const held = [
    ...inputsOf(shared).map((node) => describe(node, `input "${nameOf(node)}"`)),
    ...results.map(([name, node]) => describe(node, `output "${name}"`)),
    ...constants.map((node) => describe(node)),
  ]
  const elsewhere = new Set(results.map(([, node]) => storageOf(node)))
  const live = liveAtPeak(order.filter(({ inputs }) => inputs.length > 0), elsewhere).map((node) => describe(node))
  const largest = [...held, ...live].toSorted((a, b) => b.bytes - a.bytes).slice(0, 10)
  return { peakBytes: total(held) + total(live), heldBytes: total(held), largest }
}

/** The values that lie in memory when their bytes are most, the first such moment; those kept `elsewhere` not counted. */
function liveAtPeak(order: readonly Node[], elsewhere: ReadonlySet<Node>): Node[] {
  const lives = new Map<Node, { start: number; end: number }>()
  for (const [index, node] of order.entries()) {
    if (storageOf(node) === node && !elsewhere.has(node)) lives.set(node, { start: index, end: index })
    for (const read of node.inputs.map(storageOf)) if (lives.has(read)) lives.get(read)!.end = index
  }
  const change = new Float64Array(order.length + 1)
  for (const [node, { start, end }] of lives) {
    change[start]! += bytesOf(node)
    change[end + 1]! -= bytesOf(node)
  }
  let [bytes, most, peak] = [0, -1, 0]
  for (const [index, more] of change.entries()) if ((bytes += more) > most) [most, peak] = [bytes, index]
  return [...lives].filter(([, { start, end }]) => start <= peak && peak <= end).map(([node]) => node)
}

/** The node in whose memory a node's value lies. */
function storageOf(node: Node): Node {
  return node.operation.isView === true ? storageOf(node.inputs[0]!) : node
}

function describe(node: Node, what = node.operation.name): LiveTensor {
  return { bytes: bytesOf(node), shape: node.shape, what, madeAt: node.madeAt() }
}

function bytesOf(node: Node): number {
  return (node.operation.isHalf === true ? 2 : 4) * sizeOf(node.shape)
}

function total(tensors: readonly LiveTensor[]): number {
  return tensors.reduce((sum, { bytes }) => sum + bytes, 0)
}
