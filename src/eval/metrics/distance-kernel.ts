import type { Tensor } from '../../tensor.ts'
import { createMemory, instantiateKernel, wasmPage } from '../../wasm.ts'

/**
 * Squared Euclidean distances of rows to many others, in a fixed order of summation, so that equal rows have equal distances to the last bit:
 *   for p: for k: sum[k mod 4] += (query[k] - pool[p][k])^2;  distance[p] = (sum[0] + sum[2]) + (sum[1] + sum[3])
 */
export type DistanceKernel = {
  /** Takes the rows [P, d] that are measured against, until the next call. */
  load(pool: Tensor): void
  /** [P] distances of row `index` of `queries` [Q, d] to the loaded rows, in float64; valid until the next call. */
  distances(queries: Tensor, index: number): Float64Array
  /** [Q] the nearest of the loaded rows, the first one on ties. Rows are given up as soon as they are too far: the same answer, sooner. */
  nearest(queries: Tensor): Int32Array
  /** [Q, k] the k nearest, nearest first, smaller indices first on ties; k <= P. */
  nearestMany(queries: Tensor, k: number): Int32Array
}

/** Rows lie in the kernel's memory as float64, filled up with zeros to a multiple of four numbers, and of four rows. */
export function distanceKernel(): DistanceKernel {
  const memory = createMemory(wasmPage)
  const functions = instantiateKernel<Functions>('distances', memory)
  let [rows, width, queriesAt] = [0, 4, 0]
  const reserve = (bytes: number): void => {
    const missing = bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
  }
  /** Writes rows [first, end) of a tensor where they are read from, and answers what lies behind them. */
  const write = ({ shape, data }: Tensor, first: number, end: number, at: number): number => {
    const dims = shape[1]!
    const numbers = new Float64Array(memory.buffer, at, (end - first) * width)
    if (dims === width) numbers.set(data.subarray(first * dims, end * dims))
    else for (let row = first; row < end; row++) for (let k = 0; k < width; k++) numbers[(row - first) * width + k] = k < dims ? data[row * dims + k]! : 0
    return at + 8 * numbers.length
  }
  /** Runs with all queries in place and room for `numbers` of scratch behind them and `count` indices. */
  const search = (queries: Tensor, numbers: number, count: number, run: (out: number, scratch: number) => void): Int32Array => {
    const scratch = queriesAt + 8 * queries.shape[0]! * width
    const out = scratch + 8 * numbers
    reserve(out + 4 * count)
    write(queries, 0, queries.shape[0]!, queriesAt)
    run(out, scratch)
    return new Int32Array(memory.buffer, out, count).slice()
  }
  return {
    load: (pool) => {
      rows = pool.shape[0]!
      width = Math.max(4, Math.ceil(pool.shape[1]! / 4) * 4)
      queriesAt = 8 * Math.ceil(rows / 4) * 4 * width
      reserve(queriesAt)
      write(pool, 0, rows, 0)
    },
    distances: (queries, index) => {
      const out = queriesAt + 8 * width
      reserve(out + 8 * (rows + 3))
      write(queries, index, index + 1, queriesAt)
      functions.distances(queriesAt, 0, 8 * width, rows, out)
      return new Float64Array(memory.buffer, out, rows)
    },
    nearest: (queries) => search(queries, 0, queries.shape[0]!, (out) => functions.nearest(queriesAt, queries.shape[0]!, 0, 8 * width, rows, out)),
    nearestMany: (queries, k) => search(queries, k, queries.shape[0]! * k,
      (out, scratch) => functions.nearestMany(queriesAt, queries.shape[0]!, 0, 8 * width, rows, k, scratch, out)),
  }
}

/** What kernels/distances.ts exports; places in bytes. */
type Functions = {
  distances(query: number, pool: number, bytes: number, rows: number, out: number): void
  nearest(query: number, queries: number, pool: number, bytes: number, rows: number, out: number): void
  nearestMany(query: number, queries: number, pool: number, bytes: number, rows: number, k: number, kept: number, out: number): void
}
