import type { Tensor } from '../../tensor.ts'
import type { Distance } from '../protocols/protocol.ts'
import { distanceKernel, type RowRange, type Rows, rowsFrom } from './distance-kernel.ts'

/** The kernel of this thread: what is compared with one another is held in it together. */
export const rowKernel = distanceKernel()

/**
 * For each frame of `queries` [Q, d] the frame of `pool` [P, d] at the smallest distance (squared Euclidean unless said otherwise), the first one on ties.
 * Differences are squared and summed in float64, never expanded into |a|^2 + |b|^2 - 2ab, so that equal rows tie exactly and near ones are told apart.
 */
export function nearestFrames(queries: Tensor, pool: Tensor, distance: Distance = 'squared Euclidean'): Int32Array {
  return rowKernel.hold([queries, pool], ([from, to]) => nearestRows(from!, to!, distance).slice())
}

/** `nearestFrames` of rows that `rowKernel` holds; valid until its next call. */
export function nearestRows(queries: Rows, pool: Rows, distance: Distance = 'squared Euclidean'): Int32Array {
  return distance === 'Euclidean' ? nearestByRoot(queries, pool, [{ start: 0, end: pool.count }], 1) : rowKernel.nearest(queries, pool)
}

/** For each frame of `queries` [Q, d] the indices [Q, k] of the k nearest frames of `pool` [P, d], nearest first, smaller indices first on ties; k <= P. */
export function nearestMany(queries: Tensor, pool: Tensor, k: number, distance: Distance = 'squared Euclidean'): Int32Array {
  return rowKernel.hold([queries, pool], ([from, to]) => nearestManyRows(from!, to!, [{ start: 0, end: to!.count }], k, distance))
}

/** `nearestMany` of rows that `rowKernel` holds, out of ranges of the pool that rise and have k rows at least; indices are those in the whole pool. */
export function nearestManyRows(queries: Rows, pool: Rows, ranges: readonly RowRange[], k: number, distance: Distance = 'squared Euclidean'): Int32Array {
  return distance === 'Euclidean' ? nearestByRoot(queries, pool, ranges, k) : rowKernel.nearestMany(queries, pool, ranges, k)
}

/** [A, B] squared Euclidean distances between the frames of a and b, in float64. */
export function distanceMatrix(a: Tensor, b: Tensor): Float64Array {
  return rowKernel.hold([a, b], ([from, to]) => rowKernel.matrix(from!, to!).slice())
}

/** The k nearest by the rounded root of the distance, so that near ones become equal. */
function nearestByRoot(queries: Rows, pool: Rows, ranges: readonly RowRange[], k: number): Int32Array {
  const nearest = new Int32Array(queries.count * k)
  const kept = new Float64Array(k)
  for (let query = 0; query < queries.count; query++) {
    const distances = rowKernel.distances(rowsFrom(queries, query, query + 1), pool)
    const indices = nearest.subarray(query * k, (query + 1) * k)
    kept.fill(Infinity)
    for (const { start, end } of ranges) {
      for (let p = start; p < end; p++) {
        const root = Math.sqrt(distances[p]!)
        if (root < kept[k - 1]!) insert(kept, indices, root, p)
      }
    }
  }
  return nearest
}

/** Keeps the k smallest in order; a later index with an equal distance stays behind. */
function insert(distances: Float64Array, indices: Int32Array, distance: number, index: number): void {
  let place = distances.length - 1
  for (; place > 0 && distances[place - 1]! > distance; place--) {
    distances[place] = distances[place - 1]!
    indices[place] = indices[place - 1]!
  }
  distances[place] = distance
  indices[place] = index
}
