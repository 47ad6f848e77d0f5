import { ToolkitError } from '../../errors.ts'
import { checkArguments, count, options } from '../arguments.ts'
import type { Executor } from '../graph.ts'
import { encodeOnnx } from '../onnx.ts'
import { explainingMemory, wasmMemory } from '../out-of-memory.ts'
import { checkGraph } from './checks.ts'
import { type OrtModule, ortProgram } from './ort-program.ts'
import { ownState } from './ort-state.ts'

type OrtWebModule = OrtModule & { readonly env: { readonly wasm: { numThreads?: number } } }

/**
 * Runs graphs on ONNX Runtime for the web: WebAssembly, no native code. The first program of a process fixes the number of threads for all (all cores when not given). The package
 * onnxruntime-web is optional: E_DEVICE_UNUSABLE with the command that installs it.
 */
export function ortWebExecutor(given: { readonly threads?: number } = {}): Executor {
  checkArguments('ortWebExecutor', { options: options({ threads: count }) }, [given])
  const { threads } = given
  return explainingMemory({
    name: 'ort-web',
    compile: async (graph) => {
      checkGraph(graph)
      const ort = await load()
      if (threads !== undefined) ort.env.wasm.numThreads = threads
      const open = (model: Uint8Array): ReturnType<OrtModule['InferenceSession']['create']> => ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all', logSeverityLevel: 3 })
      return ortProgram(ort, await open(encodeOnnx(graph)), graph, ownState(ort, graph, open))
    },
  }, wasmMemory())
}

async function load(): Promise<OrtWebModule> {
  const name = 'onnxruntime-web'
  try {
    return await import(/* @vite-ignore */ name) as OrtWebModule
  } catch (cause) {
    throw new ToolkitError('E_DEVICE_UNUSABLE', `wasm needs the package ${name}, which cannot be loaded`, { hint: 'npm install onnxruntime-web@1.30.0', cause })
  }
}
