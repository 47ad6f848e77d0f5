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
  return distance === 'Euclidean' ? nearestByRoot(queries, 1) : kernel.nearest(queries)
}

/** For each frame of `queries` [Q, d] the indices [Q, k] of the k nearest frames of `pool` [P, d], nearest first, smaller indices first on ties; k <= P. */
export function nearestMany(queries: Tensor, pool: Tensor, k: number, distance: Distance = 'squared Euclidean'): Int32Array {
  kernel.load(pool)
  return distance === 'Euclidean' ? nearestByRoot(queries, k) : kernel.nearestMany(queries, k)
}

/** [A, B] squared Euclidean distances between the frames of a and b, in float64. */
export function distanceMatrix(a: Tensor, b: Tensor): Float64Array {
  kernel.load(b)
  return kernel.matrix(a)
}

/** The k nearest of the loaded pool by the rounded root of the distance, so that near ones become equal. */
function nearestByRoot(queries: Tensor, k: number): Int32Array {
  const frames = queries.shape[0]!
  const nearest = new Int32Array(frames * k)
  const kept = new Float64Array(k)
  for (let query = 0; query < frames; query++) {
    const distances = kernel.distances(queries, query)
    const indices = nearest.subarray(query * k, (query + 1) * k)
    kept.fill(Infinity)
    for (let p = 0; p < distances.length; p++) {
      const root = Math.sqrt(distances[p]!)
      if (root < kept[k - 1]!) insert(kept, indices, root, p)
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
