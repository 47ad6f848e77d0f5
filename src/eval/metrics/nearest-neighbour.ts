import type { Tensor } from '../../tensor.ts'
import type { Distance } from '../protocols/protocol.ts'
import { distanceKernel } from './distance-kernel.ts'

const kernel = distanceKernel()

/**
 * For each frame of `queries` [Q, d] the frame of `pool` [P, d] at the smallest distance (squared Euclidean unless said otherwise), the first one on ties.
 * Differences are squared and summed in float64, never expanded into |a|^2 + |b|^2 - 2ab, so that equal rows tie exactly and near ones are told apart.
 */
export function nearestFrames(queries: Tensor, pool: Tensor, distance: Distance = 'squared Euclidean'): Int32Array {
  kernel.load(pool)
  return Int32Array.from({ length: queries.shape[0]! }, (_, query) => {
    const distances = distancesOf(queries, query, distance)
    let winner = 0
    for (let p = 1; p < distances.length; p++) if (distances[p]! < distances[winner]!) winner = p
    return winner
  })
}

/** For each frame of `queries` [Q, d] the indices [Q, k] of the k nearest frames of `pool` [P, d], nearest first, smaller indices first on ties; k <= P. */
export function nearestMany(queries: Tensor, pool: Tensor, k: number, distance: Distance = 'squared Euclidean'): Int32Array {
  const frames = queries.shape[0]!
  const nearest = new Int32Array(frames * k)
  const kept = new Float64Array(k)
  kernel.load(pool)
  for (let query = 0; query < frames; query++) {
    const distances = distancesOf(queries, query, distance)
    const indices = nearest.subarray(query * k, (query + 1) * k)
    kept.fill(Infinity)
    for (let p = 0; p < distances.length; p++) if (distances[p]! < kept[k - 1]!) insert(kept, indices, distances[p]!, p)
  }
  return nearest
}

/** [A, B] squared Euclidean distances between the frames of a and b, in float64. */
export function distanceMatrix(a: Tensor, b: Tensor): Float64Array {
  const [rows, columns] = [a.shape[0]!, b.shape[0]!]
  const matrix = new Float64Array(rows * columns)
  kernel.load(b)
  for (let i = 0; i < rows; i++) matrix.set(kernel.distances(a, i), i * columns)
  return matrix
}

/** Distances of one query to the loaded pool; the root is rounded, so that near ones become equal. */
function distancesOf(queries: Tensor, query: number, distance: Distance): Float64Array {
  const distances = kernel.distances(queries, query)
  if (distance === 'Euclidean') for (let p = 0; p < distances.length; p++) distances[p] = Math.sqrt(distances[p]!)
  return distances
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
