import type * as Ort from 'onnxruntime-node'
import { ToolkitError } from '../../errors.ts'
import { sizeOf, type Tensor } from '../../tensor.ts'
import type { Executor, Graph, Node, Program } from '../graph.ts'
import { encodeOnnx, outputsOf } from '../onnx.ts'
import { nameOf } from '../ops/input.ts'
import { checkGraph, fedFor, noRunYet, statesIn } from './checks.ts'

export type OrtOptions = {
  readonly device: 'cpu'
  /** Threads inside one operation; all cores when not given. */
  readonly threads?: number
  /** Threads wait for one another awake: a few percent faster on idle cores, up to half as fast on shared ones. Default: no. */
  readonly spin?: boolean
}

type OrtTensor = Ort.Tensor
type OrtModule = typeof Ort

/**
 * Runs graphs on ONNX Runtime. State alternates between two preallocated sets of buffers; what is fed is read where it lies, unless threads share it. The same thread count gives
 * the same bits.
 */
export function ortExecutor(options: OrtOptions): Executor {
  return {
    name: `ort-${options.device}`,
    compile: async (graph) => {
      checkGraph(graph)
      const ort = await loadOrt()
      const session = await ort.InferenceSession.create(encodeOnnx(graph), {
        executionProviders: [options.device], graphOptimizationLevel: 'all', ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
        extra: { session: { intra_op: { allow_spinning: options.spin === true ? '1' : '0' } } },
      })
      return program(ort, session, graph)
    },
  }
}

function program(ort: OrtModule, session: Ort.InferenceSession, graph: Graph): Program {
  const allocate = (shape: readonly number[]): OrtTensor => new ort.Tensor('float32', new Float32Array(sizeOf(shape)), [...shape])
  const states = graph.state.map(({ input }) => ({ name: nameOf(input)!, shape: input.shape }))
  /** Whether `spare` is what the last run was computed on: not before the first, nor after one that failed. */
  let hasRun = false
  let [current, spare] = [states.map(({ shape }) => allocate(shape)), states.map(({ shape }) => allocate(shape))]
  const results = Object.fromEntries(Object.entries(graph.outputs).map(([name, { shape }]) => [name, allocate(shape)]))
  // a run answers every output, also those that only carry state
  if (Object.keys(outputsOf(graph)).length !== session.outputNames.length) throw new Error('the session lost outputs')

  /** ONNX Runtime refuses memory that threads share ("Invalid argument"): such numbers are copied, into the same place at every run. */
  const fedCopies = new Map<Node, Float32Array>()
  const unshared = (node: Node, data: Float32Array): Float32Array => {
    if (data.buffer instanceof ArrayBuffer) return data
    if (!fedCopies.has(node)) fedCopies.set(node, new Float32Array(data.length))
    fedCopies.get(node)!.set(data)
    return fedCopies.get(node)!
  }
  const copies = (values: readonly OrtTensor[]): Record<string, Tensor> =>
    Object.fromEntries(states.map(({ name, shape }, i) => [name, { shape, data: (values[i]!.data as Float32Array).slice() }]))
  return {
    run: async (feeds) => {
      const inputs: Record<string, OrtTensor> = {}
      for (const node of graph.inputs) inputs[nameOf(node)!] = new ort.Tensor('float32', unshared(node, fedFor(node, feeds[nameOf(node)!]?.data)), [...node.shape])
      for (const [i, { name }] of states.entries()) inputs[name] = current[i]!
      const outputs = { ...results, ...Object.fromEntries(states.map(({ name }, i) => [`next:${name}`, spare[i]!])) }
      hasRun = false
      await session.run(inputs, outputs)
      ;[current, spare] = [spare, current]
      hasRun = true
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, { shape: graph.outputs[name]!.shape, data: value.data as Float32Array }]))
    },
    readState: async () => copies(current),
    readPreviousState: async () => {
      if (!hasRun) throw noRunYet()
      return copies(spare)
    },
    writeState: async (given) => {
      const indices = statesIn(given, graph.state.map(({ input }) => input))
      for (const [i, { data }] of Object.values(given).entries()) (current[indices[i]!]!.data as Float32Array).set(data)
    },
    close: () => session.release(),
  }
}

async function loadOrt(): Promise<OrtModule> {
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    throw new ToolkitError('E_ORT_MISSING', 'the package onnxruntime-node cannot be loaded', {
      hint: 'put the line onnxruntime-node-install=skip into .npmrc and run npm ci again', cause, exit: 4,
    })
  }
}
