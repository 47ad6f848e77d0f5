import type { InferenceSession } from 'onnxruntime-node'
import { ToolkitError } from '../../errors.ts'
import { checkArguments, count, countOrNone, oneOf, options as optionsOf } from '../arguments.ts'
import { type Executor, type Graph, topologicalOrder } from '../graph.ts'
import { fuseUpdates, type FusedGraph, unfused } from '../fused-updates.ts'
import { encodeOnnx, nextName, outputsOf } from '../onnx.ts'
import { splitStates } from '../split-states.ts'
import { explainingMemory, machineMemory } from '../out-of-memory.ts'
import { checkGraph } from './checks.ts'
import { deviceUnusable } from './device-unusable.ts'
import { checkFloat16 } from './ort-float16.ts'
import { operationsRefused } from './ort-placement.ts'
import { type OrtModule, ortProgram } from './ort-program.ts'
import { fitsHostMemory, hostState } from './ort-host-state.ts'
import { ownState } from './ort-state.ts'

export type OrtOptions = {
  /** cuda needs a library that onnxruntime-node does not bring along; its states lie in the host's memory between runs, webgpu's on the device. */
  readonly device: 'cpu' | 'webgpu' | 'cuda'
  /** Threads inside one operation; all cores when not given. */
  readonly threads?: number
  /**
   * Microseconds that a thread stays awake while it waits for another: 100, about what it takes to wake one. 0 spares a little of the processors where others need them too; more
   * than the default gains nothing where they are free.
   */
  readonly spin?: number
}

const ortKind = optionsOf({ device: oneOf('cpu', 'webgpu', 'cuda'), threads: count, spin: countOrNone }, ['device'])

/**
 * Runs graphs on ONNX Runtime. State stays where it is computed; what is fed is read where it lies, unless threads share it. On the CPU the same thread count gives the same bits.
 * On a GPU every operation runs there or the graph is refused (E_DEVICE_OPERATION).
 */
export function ortExecutor(options: OrtOptions): Executor {
  checkArguments('ortExecutor', { options: ortKind }, [options])
  return explainingMemory({
    name: `ort-${options.device}`,
    compile: async (graph) => {
      checkGraph(graph)
      const ort = await loadOrt()
      if (options.device === 'cpu') {
        const planned = onProcessor(graph)
        const store = hostState(ort, planned)
        return ortProgram(ort, await openSession(ort, planned.graph, options, []), graph, store)
      }
      const session = await openSession(ort, graph, options, graph.state.map(({ input }) => nextName(input)))
      if (options.device === 'webgpu') await checkFloat16(ort, graph, (model) => ort.InferenceSession.create(model, sessionOptions(options, [])))
      const store = options.device === 'webgpu' ? ownState(ort, graph, (model) => ort.InferenceSession.create(model, sessionOptions(options, []))) : hostState(ort, unfused({ graph, parts: graph.state.map(({ input }) => [input]) }))
      return ortProgram(ort, session, graph, store)
    },
  }, options.device === 'cpu' ? machineMemory() : null)
}

/** What the session computes of a graph, and what is computed after it: the updates of states, if they fit into the memory of kernels. Else they stay, few parts at a time. */
function onProcessor(graph: Graph): FusedGraph {
  const fused = fuseUpdates(splitStates(graph, { small: 1 }))
  return fused.updates.length > 0 && fitsHostMemory(fused) ? fused : unfused(splitStates(graph))
}

function sessionOptions({ device, threads, spin = 100 }: OrtOptions, onDevice: readonly string[]): InferenceSession.SessionOptions {
  const session = { intra_op: spin === 0 ? { allow_spinning: '0' } : { allow_spinning: '1', spin_duration_us: String(spin) }, ...(device === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }) }
  return {
    executionProviders: [device], graphOptimizationLevel: 'all', ...(threads === undefined ? {} : { intraOpNumThreads: threads }), extra: { session },
    ...(device === 'webgpu' ? { logSeverityLevel: 4, preferredOutputLocation: Object.fromEntries(onDevice.map((name) => [name, 'gpu-buffer' as const])) } : {}),
  }
}

async function openSession(ort: OrtModule, graph: Graph, options: OrtOptions, onDevice: readonly string[]): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(encodeOnnx(graph, { loops: options.device === 'cpu' }), { ...sessionOptions(options, onDevice), enableMemPattern: options.device !== 'cpu' || isConvolving(graph) })
  } catch (cause) {
    throw await explained(cause, ort, graph, options)
  }
}

/**
 * Whether ONNX Runtime plans one block of memory for all values of a run. Without it LA2DS takes two thirds of the memory for a percent of the time, but a stack of large convolutions half as
 * long again (bench/training-step.ts, bench/engine/convolutions.ts).
 */
function isConvolving(graph: Graph): boolean {
  return topologicalOrder(Object.values(outputsOf(graph))).some(({ operation }) => operation.name.startsWith('conv'))
}

/** What ONNX Runtime says, in words that help: operations that the device cannot compute, a device that is not there. */
async function explained(cause: unknown, ort: OrtModule, graph: Graph, options: OrtOptions): Promise<unknown> {
  const said = cause instanceof Error ? cause.message : String(cause)
  if (/fallback to CPU EP has been explicitly disabled/.test(said)) {
    const opens = (model: Uint8Array): Promise<boolean> => ort.InferenceSession.create(model, sessionOptions(options, [])).then(async (session) => (await session.release(), true), () => false)
    const refused = await operationsRefused(graph, opens)
    const which = refused.length === 0 ? 'a part of the graph, though each of its operations by itself' : refused.join(', ')
    return new ToolkitError('E_DEVICE_OPERATION', `${options.device} cannot compute ${which}`, { hint: 'run it on another device: posetta doctor lists them', cause, exit: 4 })
  }
  return deviceUnusable(options.device, said, cause) ?? cause
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
