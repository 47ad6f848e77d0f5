import { type Distances, scaleOf } from './distances.ts'

/**
 * Soft alignment: weights [rows, columns] = softmax over the frames of B of -distance / (temperature x mean distance). Towards temperature 0 it becomes the nearest neighbour, and it heeds
 * no order either. The soft nearest neighbour of Dwibedi et al., TCC, CVPR 2019; the temperature has no unit: see `scaleOf`.
 */
export function softMatch(distances: Distances, temperature: number): Float64Array {
  const { rows, columns, values } = distances
  const unit = temperature * scaleOf(distances)
  const weights = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns)
    const least = own.reduce((min, value) => Math.min(min, value), Infinity)
    weights.set(own.map((value) => Math.exp((least - value) / unit)), row * columns)
  }
  return asShares(weights, columns)
}

/** Rows that add up to 1, in place. */
export function asShares(weights: Float64Array, columns: number): Float64Array {
  for (let start = 0; start < weights.length; start += columns) {
    const row = weights.subarray(start, start + columns)
    const total = row.reduce((sum, weight) => sum + weight, 0)
    for (let j = 0; j < columns; j++) row[j]! /= total
  }
  return weights
}

/** The time in B that each frame of A is expected at, in frames of B: sum over j of weight x j. */
export function expectedMoments(weights: Float64Array, columns: number): Float64Array {
  return Float64Array.from({ length: weights.length / columns }, (_, row) =>
    weights.subarray(row * columns, (row + 1) * columns).reduce((sum, weight, j) => sum + weight * j, 0))
}
