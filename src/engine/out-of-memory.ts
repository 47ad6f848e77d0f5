import { totalmem } from 'node:os'
import { ToolkitError } from '../errors.ts'
import { sizeOf } from '../tensor.ts'
import { checkArguments, graphKind } from './arguments.ts'
import { guarded } from './executors/checks.ts'
import { type Executor, type Graph, type Program, topologicalOrder } from './graph.ts'
import { type LiveTensor, memoryPlan } from './memory-plan.ts'
import { outputsOf } from './onnx.ts'

/**
 * An executor that says why a graph does not fit, with sizes (E_MEMORY). What needs more than the machine has is refused before anything is computed: Linux
 * grants such memory, and kills the process that then writes to it. `available` = bytes; null = it is not known, as of a graphics card.
 * What is no graph is refused with E_ARGUMENT.
 */
export function explainingMemory({ name, compile }: Executor, available: number | null): Executor {
  return {
    name,
    compile: async (graph) => {
      checkArguments('compile', { graph: graphKind }, [graph])
      checkRoom(graph, available)
      const program = await compile(graph).catch((error: unknown) => Promise.reject(explained(error, graph, available)))
      return guarded({ ...program, run: (...feeds: Parameters<Program['run']>) => program.run(...feeds).catch((error: unknown) => Promise.reject(explained(error, graph, available))) }, graph)
    },
  }
}

/** Bytes of the machine, or of its container where that has a limit. */
export function machineMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity)
}

const WASM_BYTES = 2 ** 32

/** Bytes that WebAssembly can have: it counts them by 32 bits, and past them a kernel says "memory access out of bounds" (tfjs) or nothing. */
export function wasmMemory(): number {
  return Math.min(machineMemory(), WASM_BYTES)
}

/** Throws E_MEMORY for a graph whose peak is more than there is. */
function checkRoom(graph: Graph, available: number | null): void {
  if (available === null) return
  // most graphs would fit if all of their values were kept: that is quickly counted
  const every = topologicalOrder(Object.values(outputsOf(graph))).reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0)
  if (2 * every > available && memoryPlan(graph).peakBytes > available) throw memoryError('a run of the graph does not fit in memory', graph, available)
}

/** An allocation that failed as E_MEMORY, anything else as it came. */
function explained(error: unknown, graph: Graph, available: number | null): unknown {
  const message = error instanceof Error ? error.message : ''
  if (error instanceof ToolkitError || !REFUSED.test(message)) return error
  const asked = /buffer of size (\d+)/.exec(message)?.[1] ?? null
  return memoryError(`memory${asked === null ? '' : ` of ${sizeText(Number(asked))}`} could not be had`, graph, available, error)
}

/** How ONNX Runtime, C++ and JavaScript put it. */
const REFUSED = /failed to allocate memory|could not allocate memory|bad_alloc|bad allocation|out of memory|tensor shape is too large|array buffer allocation failed|invalid typed array length: \d/i

function memoryError(what: string, graph: Graph, available: number | null, cause?: unknown): ToolkitError {
  const { peakBytes, heldBytes, largest } = memoryPlan(graph)
  const named = largest.slice(0, 3).map(tensorText).join('; ')
  return new ToolkitError('E_MEMORY', `${what}: it needs about ${sizeText(peakBytes)} at its peak, ${sizeText(heldBytes)} of that from beginning to end${available === null ? '' : `, of ${sizeText(available)} that ${available === WASM_BYTES ? 'WebAssembly' : 'the machine'} has`}`, {
    exit: 4, cause, hint: `the largest values: ${named}; smaller batches, shorter sequences or fewer channels need less` })
}

function tensorText({ what, shape, bytes, madeAt }: LiveTensor): string {
  return `${what} [${shape.join(', ')}], ${sizeText(bytes)} (${madeAt})`
}

/** 1536 = `1.54 kB`. */
function sizeText(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${['bytes', 'kB', 'MB', 'GB', 'TB'][power]!}`
}
