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
  /** [Q, P] the distances of all rows of `queries` to the loaded ones. */
  matrix(queries: Tensor): Float64Array
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
  /** Runs with all queries in place and room for so many bytes behind them. */
  const run = (queries: Tensor, bytes: number, of: (behind: number) => void): number => {
    const behind = queriesAt + 8 * queries.shape[0]! * width
    reserve(behind + bytes)
    write(queries, 0, queries.shape[0]!, queriesAt)
    of(behind)
    return behind
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
      functions.distances(queriesAt, 1, 0, 8 * width, rows, out)
      return new Float64Array(memory.buffer, out, rows)
    },
    matrix: (queries) => {
      const frames = queries.shape[0]!
      const out = run(queries, 8 * (frames * rows + 3), (behind) => functions.distances(queriesAt, frames, 0, 8 * width, rows, behind))
      return new Float64Array(memory.buffer, out, frames * rows).slice()
    },
    nearest: (queries) => {
      const frames = queries.shape[0]!
      const out = run(queries, 4 * frames, (behind) => functions.nearest(queriesAt, frames, 0, 8 * width, rows, behind))
      return new Int32Array(memory.buffer, out, frames).slice()
    },
    nearestMany: (queries, k) => {
      const frames = queries.shape[0]!
      const kept = run(queries, 8 * k + 4 * frames * k, (behind) => functions.nearestMany(queriesAt, frames, 0, 8 * width, rows, k, behind, behind + 8 * k))
      return new Int32Array(memory.buffer, kept + 8 * k, frames * k).slice()
    },
  }
}

/** What kernels/distances.ts exports; places in bytes. */
type Functions = {
  distances(query: number, queries: number, pool: number, bytes: number, rows: number, out: number): void
  nearest(query: number, queries: number, pool: number, bytes: number, rows: number, out: number): void
  nearestMany(query: number, queries: number, pool: number, bytes: number, rows: number, k: number, kept: number, out: number): void
}
