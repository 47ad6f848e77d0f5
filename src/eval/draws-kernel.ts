import { createMemory, instantiateKernel, wasmPage } from '../wasm.ts'
import type { Draws } from './draws.ts'

/** What kernels/draws.ts exports; places in bytes. */
type Functions = { sumPairs(weights: number, draws: number, values: number, clips: number, out: number): void }

const memory = createMemory(wasmPage)
let functions: Functions | null = null

/**
 * For every draw the sum over pairs of clips of weight_a weight_b values[a, b], `values` row-major [clips, clips], in this order:
 *   for a: row = 0; for b: row += weight_b values[a, b]; sum += weight_a row
 */
export function sumPairs({ clips, stride, weights }: Draws, values: Float64Array): Float64Array {
  functions ??= instantiateKernel<Functions>('draws', memory)
  const [valuesAt, out] = [8 * weights.length, 8 * (weights.length + values.length)]
  const missing = out + 8 * stride - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
  new Float64Array(memory.buffer, 0, weights.length).set(weights)
  new Float64Array(memory.buffer, valuesAt, values.length).set(values)
  functions.sumPairs(0, stride, valuesAt, clips, out)
  return new Float64Array(memory.buffer, out, stride).slice()
}
