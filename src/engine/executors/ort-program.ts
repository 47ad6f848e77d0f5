import type * as Ort from 'onnxruntime-node'
import { sizeOf, type Tensor } from '../../tensor.ts'
import type { Graph, Node, Program } from '../graph.ts'
import { nameOf } from '../ops/input.ts'
import { fedFor, statesIn } from './checks.ts'

/** What ONNX Runtime for Node and for the web have in common. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>
export type OrtTensor = Ort.Tensor

/** Where states lie between runs, and results at the end of one. */
export type StateStore = {
  /** Where a result is to be written at every run; null = ONNX Runtime allocates it anew. */
  result(shape: readonly number[]): OrtTensor | null
  /** What the session of the run that begins is fed for the states, given what is fed for the inputs; from here to `advance` there is no previous state. */
  begin(feeds: Readonly<Record<string, Float32Array>>): Readonly<Record<string, OrtTensor>>
  /** What the session is to answer beside the outputs of the program's graph, and where; null = where ONNX Runtime likes. */
  targets(): Readonly<Record<string, OrtTensor | null>>
  /** Takes the next states over after a run that answered `targets`; answers those outputs of the program's graph that the session does not. */
  advance(answered: Readonly<Record<string, OrtTensor>>): Readonly<Record<string, Float32Array>>
  /** Copies of the states as they stand, or as the last run found them (E_STATE when there was none). */
  read(which: 'current' | 'previous'): Promise<Float32Array[]>
  write(index: number, data: Float32Array): void
  close(): Promise<void>
}

/** A session as the program of a graph. */
export function ortProgram(ort: OrtModule, session: Ort.InferenceSession, graph: Graph, store: StateStore): Program {
  const results = Object.fromEntries(Object.entries(graph.outputs).filter(([name]) => session.outputNames.includes(name)).map(([name, { shape }]) => [name, store.result(shape)]))
  // a run answers every output, also those that only carry state
  if (Object.keys(results).length + Object.keys(store.targets()).length !== session.outputNames.length) throw new Error('the session lost outputs')

  /** ONNX Runtime refuses memory that threads share ("Invalid argument"): such numbers are copied, into the same place at every run. */
  const copies = new Map<Node, Float32Array>()
  const unshared = (node: Node, data: Float32Array): Float32Array => {
    if (data.buffer instanceof ArrayBuffer) return data
    if (!copies.has(node)) copies.set(node, new Float32Array(data.length))
    copies.get(node)!.set(data)
    return copies.get(node)!
  }
  const states = async (which: 'current' | 'previous'): Promise<Record<string, Tensor>> => {
    const read = await store.read(which)
    return Object.fromEntries(graph.state.map(({ input }, i) => [nameOf(input)!, { shape: input.shape, data: read[i]! }]))
  }
  return {
    run: async (feeds) => {
      const fed = Object.fromEntries(graph.inputs.map((node) => {
        const given = feeds[nameOf(node)!]
        return [nameOf(node)!, unshared(node, fedFor(node, given?.data, given?.shape))]
      }))
      const inputs = Object.fromEntries(graph.inputs.map((node) => [nameOf(node)!, new ort.Tensor('float32', fed[nameOf(node)!]!, [...node.shape])]))
      const answered = await session.run({ ...inputs, ...store.begin(fed) }, { ...results, ...store.targets() })
      const later = store.advance(answered)
      return Object.fromEntries(Object.entries(graph.outputs).map(([name, { shape }]) => [name, { shape, data: later[name] ?? answered[name]!.data as Float32Array }]))
    },
    readState: () => states('current'),
    readPreviousState: () => states('previous'),
    writeState: async (given) => {
      const indices = statesIn(given, graph.state.map(({ input }) => input))
      for (const [i, { data }] of Object.values(given).entries()) store.write(indices[i]!, data)
    },
    close: async () => {
      await store.close()
      await session.release()
    },
  }
}

/** Zeros in the memory of the host. */
export function hostTensor(ort: OrtModule, shape: readonly number[]): OrtTensor {
  return new ort.Tensor('float32', new Float32Array(sizeOf(shape)), [...shape])
}
