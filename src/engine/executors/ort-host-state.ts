import { sizeOf } from '../../tensor.ts'
import { createFixedMemory, type FixedMemory, mostMemory } from '../../wasm.ts'
import { type FusedGraph, leavesOf } from '../fused-updates.ts'
import type { Node } from '../graph.ts'
import { nextName } from '../onnx.ts'
import { nameOf } from '../ops/input.ts'
import { sumKernels, type VectorExpression, type VectorKernel, vectorKernels } from '../vector-kernel.ts'
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
  const { graph, parts, given, answers: late } = fused
  const states = new Set(parts.flat())
  const beside = besideStates(fused)
  const fed = graph.inputs.filter((node) => beside.has(node))
  const { allocate, memory } = hostMemory(bytesOf(fused), fused.updates.length > 0)
  const own = new Map([...beside].map((node) => [node, allocate(sizeOf(node.shape))]))
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
  const work = memory === null ? [] : workOf(fused, memory)
  const stepFrom = (from: StateSet, to: StateSet): (() => void)[] => work.map(({ kernel, length, reads, writes }) => {
    const places = [...reads.map((node) => own.get(node) ?? from.places.get(node)!), ...writes.map((node) => own.get(node) ?? to.places.get(node)!)]
    const addresses = places.map(({ byteOffset }) => byteOffset)
    return () => kernel(length, ...addresses)
  })
  const steps = new Map([[current, stepFrom(current, spare)], [spare, stepFrom(spare, current)]])
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
      for (const step of steps.get(current)!) step();
      [current, spare] = [spare, current]
      hasRun = true
      return Object.fromEntries(Object.entries(late).map(([name, node]) => [name, own.get(node)!]))
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

const lengthOf = (parts: readonly Node[]): number => parts.reduce((size, { shape }) => size + sizeOf(shape), 0)
/** Bytes of a buffer: each begins at a full lane of four numbers. */
const padded = (length: number): number => 16 * Math.ceil(length / 4)

/** What is read and written after the session that is no state: what it gives, what is fed, sums, late scalars. */
function besideStates({ parts, sums, scalars, updates }: FusedGraph): Set<Node> {
  const states = new Set(parts.flat())
  const all = [...[...sums, ...(scalars === null ? [] : [scalars]), ...updates].flatMap(leavesOf), ...sums.map(({ sum }) => sum), ...(scalars?.late ?? [])]
  return new Set(all.filter((node) => !states.has(node)))
}

/** Two sets of states, and what lies beside them. */
function bytesOf(fused: FusedGraph): number {
  const lengths = [...fused.parts, ...fused.parts, ...[...besideStates(fused)].map((node) => [node])].map(lengthOf)
  return lengths.reduce((bytes, length) => bytes + padded(length), 0)
}

type Work = { readonly kernel: VectorKernel; readonly length: number; readonly reads: readonly Node[]; readonly writes: readonly Node[] }

function workOf({ sums, scalars, updates }: FusedGraph, memory: FixedMemory): Work[] {
  const work = <Of extends VectorExpression & { length: number }>(all: readonly Of[], kernels: readonly VectorKernel[], writes: (one: Of) => readonly Node[]): Work[] => (
    all.map((one, i) => ({ kernel: kernels[i]!, length: one.length, reads: leavesOf(one), writes: writes(one) })))
  const late = scalars === null ? [] : [scalars]
  return [
    ...work(sums, sumKernels(sums, memory), ({ sum }) => [sum]), ...work(late, vectorKernels(late, memory), (one) => one.late), ...work(updates, vectorKernels(updates, memory), ({ states }) => states),
  ]
}

/** Buffers of zeros one after the other in a memory of WebAssembly, or each by itself. */
function hostMemory(bytes: number, isForKernels: boolean): { allocate(length: number): Numbers; memory: FixedMemory | null } {
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
