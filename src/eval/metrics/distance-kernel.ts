import type { Tensor } from '../../tensor.ts'
import { createMemory, instantiateKernel, wasmPage } from '../../wasm.ts'

/** Rows that lie in a kernel's memory, [count, d]. */
export type Rows = { readonly at: number; readonly count: number; readonly bytes: number }

/** Rows [start, end) of a pool. */
export type RowRange = { readonly start: number; readonly end: number }

/**
 * Squared Euclidean distances between rows of float32, in float64 and in a fixed order of summation, so that equal rows have equal distances to the last bit:
 *   for k: sum[k mod 4] += (query[k] - row[k])^2;  distance = (sum[0] + sum[2]) + (sum[1] + sum[3])
 * Nearest rows are those by these distances, the first one on ties; rows that are too far are given up in float32, which changes nothing but the time.
 */
export type DistanceKernel = {
  /** Writes tensors [n, d] into the kernel's memory for as long as `use` runs, which may hold further ones in turn. */
  hold<T>(tensors: readonly Tensor[], use: (rows: readonly Rows[]) => T): T
  /** [P] distances of one row to all of a pool; valid until the next call. */
  distances(query: Rows, pool: Rows): Float64Array
  /** [Q, P] distances of all queries; valid until the next call. */
  matrix(queries: Rows, pool: Rows): Float64Array
  /** [Q] the nearest row of the pool to each query, or to each of those that are `chosen`; valid until the next call. */
  nearest(queries: Rows, pool: Rows, chosen?: Int32Array): Int32Array
  /** [Q, k] the k nearest, nearest first, out of ranges of the pool that rise and have k rows at least. */
  nearestMany(queries: Rows, pool: Rows, ranges: readonly RowRange[], k: number): Int32Array
}

/** Rows are filled up with zeros to a multiple of four numbers. */
const STEP = 4
/** Bytes behind a pool that are read, and behind distances that are written. */
const slackOf = ({ bytes }: Rows): number => 3 * Math.max(bytes, 8)

/** A kernel over a memory of its own, which grows as needed. */
export function distanceKernel(): DistanceKernel {
  const memory = createMemory(wasmPage)
  const functions = instantiateKernel<Functions>('distances', memory)
  let top = 0
  /** Room for so many bytes behind all rows. */
  const room = (bytes: number): number => {
    const missing = top + bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
    return top
  }
  const write = ({ shape, data }: Tensor): Rows => {
    const [count, dims] = [shape[0]!, shape[1]!]
    const width = Math.max(STEP, Math.ceil(dims / STEP) * STEP)
    const at = room(4 * count * width)
    const numbers = new Float32Array(memory.buffer, at, count * width)
    if (dims === width) numbers.set(data.subarray(0, count * dims))
    else for (let row = 0; row < count; row++) for (let k = 0; k < width; k++) numbers[row * width + k] = k < dims ? data[row * dims + k]! : 0
    top += 4 * count * width
    return { at, count, bytes: 4 * width }
  }
  return {
    hold: (tensors, use) => {
      const before = top
      try {
        return use(tensors.map(write))
      } finally {
        top = before
      }
    },
    distances: (query, pool) => {
      const out = room(8 * pool.count + slackOf(pool))
      functions.distances(query.at, 1, pool.at, pool.bytes, pool.count, out)
      return new Float64Array(memory.buffer, out, pool.count)
    },
    matrix: (queries, pool) => {
      const out = room(8 * queries.count * pool.count + slackOf(pool))
      functions.distances(queries.at, queries.count, pool.at, pool.bytes, pool.count, out)
      return new Float64Array(memory.buffer, out, queries.count * pool.count)
    },
    nearest: (queries, pool, chosen) => {
      const count = chosen?.length ?? queries.count
      const out = room(8 * count + slackOf(pool))
      const list = out + 4 * count
      if (chosen !== undefined) new Int32Array(memory.buffer, list, count).set(chosen)
      functions.nearest(queries.at, chosen === undefined ? 0 : list, count, pool.at, pool.bytes, pool.count, out)
      return new Int32Array(memory.buffer, out, count)
    },
    nearestMany: (queries, pool, ranges, k) => {
      const kept = room(8 * k + 8 * ranges.length + 4 * queries.count * k + slackOf(pool))
      const list = kept + 8 * k
      const out = list + 8 * ranges.length
      new Int32Array(memory.buffer, list, 2 * ranges.length).set(ranges.flatMap(({ start, end }) => [start, end]))
      functions.nearestMany(queries.at, queries.count, pool.at, pool.bytes, list, ranges.length, k, kept, out)
      return new Int32Array(memory.buffer, out, queries.count * k).slice()
    },
  }
}

/** Some of the rows, as rows. */
export function rowsFrom({ at, bytes }: Rows, start: number, end: number): Rows {
  return { at: at + start * bytes, count: end - start, bytes }
}

/** What kernels/distances.ts exports; places in bytes. */
type Functions = {
  distances(query: number, queries: number, pool: number, bytes: number, rows: number, out: number): void
  nearest(query: number, chosen: number, count: number, pool: number, bytes: number, rows: number, out: number): void
  nearestMany(query: number, queries: number, pool: number, bytes: number, ranges: number, rangeCount: number, k: number, kept: number, out: number): void
}
