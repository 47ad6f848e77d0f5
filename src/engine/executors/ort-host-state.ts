import { sizeOf } from '../../tensor.ts'
import { createFixedMemory, mostMemory } from '../../wasm.ts'
import type { FusedGraph, StateUpdate } from '../fused-updates.ts'
import type { Node } from '../graph.ts'
import { nextName } from '../onnx.ts'
import { nameOf } from '../ops/input.ts'
import { vectorKernels } from '../vector-kernel.ts'
import { noRunYet } from './checks.ts'
import { hostTensor, type OrtModule, type OrtTensor, type StateStore } from './ort-program.ts'

type Numbers = Float32Array<ArrayBuffer>

/** One of two sets of states: as flat buffers, by part, and as the session reads or writes it. */
type StateSet = {
  readonly buffers: readonly Numbers[]
  readonly places: ReadonlyMap<Node, Numbers>
  readonly inputs: Readonly<Record<string, OrtTensor>>
  readonly targets: Readonly<Record<string, OrtTensor>>
}

/**
 * States in the host's memory: two sets of buffers, used in turn. A state that the session has in parts is one buffer too, and they are cut out of it. What the session leaves to
 * `updates` is computed after each run, where the states lie.
 */
export function hostState(ort: OrtModule, fused: FusedGraph): StateStore {
  const { graph, parts, updates, given } = fused
  const states = new Set(parts.flat())
  const beside = readBeside(fused)
  const fed = beside.filter((node) => !given.has(node))
  const { allocate, memory } = hostMemory(bytesOf(fused), updates.length > 0)
  const kernels = memory === null ? [] : vectorKernels(updates, memory)
  const own = new Map(beside.map((node) => [node, allocate(sizeOf(node.shape))]))
  const tensorOf = (node: Node, place: Numbers): OrtTensor => new ort.Tensor('float32', place, [...node.shape])
  const answers = Object.fromEntries([...given].map(([node, name]) => [name, tensorOf(node, own.get(node)!)]))
  const makeSet = (): StateSet => {
    const buffers = parts.map((ones) => allocate(lengthOf(ones)))
    const places = new Map(parts.flatMap((ones, i) => cut(buffers[i]!, ones)))
    const read = [...graph.inputs, ...graph.state.map(({ input }) => input)].filter((node) => states.has(node))
    return {
      buffers, places, inputs: Object.fromEntries(read.map((node) => [nameOf(node)!, tensorOf(node, places.get(node)!)])),
      targets: { ...answers, ...Object.fromEntries(graph.state.map(({ input }) => [nextName(input), tensorOf(input, places.get(input)!)])) },
    }
  }
  let [current, spare] = [makeSet(), makeSet()]
  const addresses = new Map([[current, spare], [spare, current]].map(([from, to]) => [from!, updates.map((update) => (
    [...leavesOf(update).map((node) => own.get(node) ?? from!.places.get(node)!), ...update.states.map((node) => to!.places.get(node)!)].map(({ byteOffset }) => byteOffset)))]))
  /** Whether `spare` is what the last run was computed on: not before the first, nor after one that failed. */
  let hasRun = false
  return {
    result: (shape) => hostTensor(ort, shape),
    begin: (feeds) => {
      hasRun = false
      for (const node of fed) own.get(node)!.set(feeds[nameOf(node)!]!)
      return current.inputs
    },
    targets: () => spare.targets,
    advance: () => {
      for (const [i, { length }] of updates.entries()) kernels[i]!(length, ...addresses.get(current)![i]!);
      [current, spare] = [spare, current]
      hasRun = true
    },
    read: async (which) => {
      if (which === 'previous' && !hasRun) throw noRunYet()
      return (which === 'current' ? current : spare).buffers.map((buffer) => buffer.slice())
    },
    write: (index, data) => current.buffers[index]!.set(data),
    close: async () => {},
  }
}

/** Whether what the states and updates of a graph need fits into the one memory that kernels work in. */
export function fitsHostMemory(fused: FusedGraph): boolean {
  return bytesOf(fused) <= mostMemory
}

const leavesOf = ({ vectors, scalars }: StateUpdate): Node[] => [...vectors, ...scalars]
const lengthOf = (parts: readonly Node[]): number => parts.reduce((size, { shape }) => size + sizeOf(shape), 0)
/** Bytes of a buffer: each begins at a full lane of four numbers. */
const padded = (length: number): number => 16 * Math.ceil(length / 4)

/** What updates read that is no state. */
function readBeside({ parts, updates }: FusedGraph): Node[] {
  const states = new Set(parts.flat())
  return [...new Set(updates.flatMap(leavesOf))].filter((node) => !states.has(node))
}

/** Two sets of states, and what updates read beside them. */
function bytesOf(fused: FusedGraph): number {
  const lengths = [...fused.parts, ...fused.parts, ...readBeside(fused).map((node) => [node])].map(lengthOf)
  return lengths.reduce((bytes, length) => bytes + padded(length), 0)
}

/** Buffers of zeros one after the other in a memory of WebAssembly, or each by itself. */
function hostMemory(bytes: number, isForKernels: boolean): { allocate(length: number): Numbers; memory: ReturnType<typeof createFixedMemory> | null } {
  if (!isForKernels) return { allocate: (length) => new Float32Array(length), memory: null }
  const memory = createFixedMemory(bytes)
  let end = 0
  return {
    memory,
    allocate: (length) => {
      const start = end
      end += padded(length)
      return new Float32Array(memory.buffer, start, length)
    },
  }
}

function cut(buffer: Numbers, parts: readonly Node[]): [Node, Numbers][] {
  let start = 0
  return parts.map((part) => [part, buffer.subarray(start, start += sizeOf(part.shape))])
}
