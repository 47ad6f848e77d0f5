import type { Tensor } from '../../tensor.ts'

/**
 * For each frame of `queries` [Q, d] the frame of `pool` [P, d] at the smallest squared Euclidean distance, the first one on ties.
 * Differences are summed in float64 in the order of the dimensions, never expanded into |a|^2 + |b|^2 - 2ab, so that equal rows tie exactly.
 * A sum that has passed the best so far is given up: its terms are not negative, so the answer stays the same.
 */
export function nearestFrames(queries: Tensor, pool: Tensor): Int32Array {
  const [frames, candidates, dims] = [queries.shape[0]!, pool.shape[0]!, pool.shape[1]!]
  const nearest = new Int32Array(frames)
  let warm = 0
  for (let q = 0; q < frames; q++) {
    let best = squaredDistance(queries.data, q * dims, pool.data, warm * dims, dims)
    let winner = warm
    for (let p = 0; p < candidates; p++) {
      const distance = squaredDistance(queries.data, q * dims, pool.data, p * dims, dims, best)
      if (distance < best || (distance === best && p < winner)) {
        best = distance
        winner = p
      }
    }
    nearest[q] = winner
    warm = winner
  }
  return nearest
}

/** For each frame of `queries` [Q, d] the indices [Q, k] of the k nearest frames of `pool` [P, d], nearest first, smaller indices first on ties; k <= P. */
export function nearestMany(queries: Tensor, pool: Tensor, k: number): Int32Array {
  const [frames, candidates, dims] = [queries.shape[0]!, pool.shape[0]!, pool.shape[1]!]
  const nearest = new Int32Array(frames * k)
  const distances = new Float64Array(k)
  for (let q = 0; q < frames; q++) {
    distances.fill(Infinity)
    for (let p = 0; p < candidates; p++) {
      const distance = squaredDistance(queries.data, q * dims, pool.data, p * dims, dims, distances[k - 1]!)
      if (distance < distances[k - 1]!) insert(distances, nearest.subarray(q * k, (q + 1) * k), distance, p)
    }
  }
  return nearest
}

/** [A, B] squared Euclidean distances between the frames of a and b, in float64. */
export function distanceMatrix(a: Tensor, b: Tensor): Float64Array {
  const [rows, columns, dims] = [a.shape[0]!, b.shape[0]!, b.shape[1]!]
  const matrix = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix[i * columns + j] = squaredDistance(a.data, i * dims, b.data, j * dims, dims)
  }
  return matrix
}

/** Sum over dims of (a - b)^2; may stop early with any value above `limit` once the sum is above it. The plain loop is the last one. */
export function squaredDistance(a: Float32Array, aStart: number, b: Float32Array, bStart: number, dims: number, limit = Infinity): number {
  let sum = 0
  let k = 0
  for (; k + 8 <= dims; k += 8) {
    const [x, y] = [aStart + k, bStart + k]
    const d0 = a[x]! - b[y]!
    const d1 = a[x + 1]! - b[y + 1]!
    const d2 = a[x + 2]! - b[y + 2]!
    const d3 = a[x + 3]! - b[y + 3]!
    const d4 = a[x + 4]! - b[y + 4]!
    const d5 = a[x + 5]! - b[y + 5]!
    const d6 = a[x + 6]! - b[y + 6]!
    const d7 = a[x + 7]! - b[y + 7]!
    sum = sum + d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5 + d6 * d6 + d7 * d7
    if (sum > limit) return sum
  }
  for (; k < dims; k++) sum += (a[aStart + k]! - b[bStart + k]!) ** 2
  return sum
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
