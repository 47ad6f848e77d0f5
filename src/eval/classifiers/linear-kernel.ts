import { createMemory, instantiateKernel, wasmPage } from '../../wasm.ts'

/** What kernels/linear.ts exports; places in bytes. */
type Functions = { weightedSum(rows: number, bytes: number, count: number, weights: number, start: number, out: number): void }

/** Features [rows, dims] in the memory of the kernel. */
export type LinearKernel = {
  /** [rows] bias + weights[0] x feature 0 + weights[1] x feature 1 + ..., in that order; the bias is weights[dims]. Valid until the next call. */
  scores(weights: Float64Array): Float64Array
  /** [dims] the sum over rows of slope x feature, from the first row on. Valid until the next call. */
  slopes(slopes: Float64Array): Float64Array
}

/** Numbers that lie side by side. */
const STEP = 8
const filled = (count: number): number => Math.ceil(count / STEP) * STEP

const memory = createMemory(wasmPage)
let functions: Functions | null = null

/** The kernel with these features, until it is called with others: once row by row and once column by column, filled up with zeros. */
export function linearKernel(features: Float64Array, rows: number, dims: number): LinearKernel {
  functions ??= instantiateKernel<Functions>('linear', memory)
  const run = functions
  const [length, width] = [filled(rows), filled(dims)]
  const [byRow, byColumn] = [0, 8 * rows * width]
  const [given, out] = [byColumn + 8 * length * dims, byColumn + 8 * length * dims + 8 * (length + width + STEP)]
  const missing = out + 8 * (length + width) - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
  const [inRows, inColumns] = [new Float64Array(memory.buffer, byRow, rows * width).fill(0), new Float64Array(memory.buffer, byColumn, length * dims).fill(0)]
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < dims; k++) inRows[row * width + k] = inColumns[k * length + row] = features[row * dims + k]!
  }
  return {
    scores: (weights) => {
      new Float64Array(memory.buffer, given, dims).set(weights.subarray(0, dims))
      run.weightedSum(byColumn, 8 * length, dims, given, weights[dims]!, out)
      return new Float64Array(memory.buffer, out, rows)
    },
    slopes: (slopes) => {
      new Float64Array(memory.buffer, given, rows).set(slopes)
      run.weightedSum(byRow, 8 * width, rows, given, 0, out)
      return new Float64Array(memory.buffer, out, dims)
    },
  }
}
