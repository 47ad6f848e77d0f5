import { softColumns, softRows } from './alignment-kernel.ts'
import { type Distances, scaleOf } from './distances.ts'

/**
 * Soft alignment: weights [rows, columns] = softmax over the frames of B of -distance / (temperature x mean distance). Towards temperature 0 it becomes the nearest neighbour, and it heeds
 * no order either. The soft nearest neighbour of Dwibedi et al., TCC, CVPR 2019; the temperature has no unit: see `scaleOf`.
 */
export function softMatch(distances: Distances, temperature: number): Float64Array {
  return softRows(distances, temperature * scaleOf(distances))
}

/** The time in B that each frame of A is expected at under `softMatch`. */
export function softMoments(distances: Distances, temperature: number): Float64Array {
  return softColumns(distances, temperature * scaleOf(distances))
}

/** Rows that add up to 1, in place. */
export function asShares(weights: Float64Array, columns: number): Float64Array {
  for (let start = 0; start < weights.length; start += columns) {
    let total = 0
    for (let at = start; at < start + columns; at++) total += weights[at]!
    for (let at = start; at < start + columns; at++) weights[at]! /= total
  }
  return weights
}

/** The time in B that each frame of A is expected at, in frames of B: sum over j of weight x j. */
export function expectedMoments(weights: Float64Array, columns: number): Float64Array {
  const moments = new Float64Array(weights.length / columns)
  for (let row = 0; row < moments.length; row++) for (let j = 0; j < columns; j++) moments[row]! += weights[row * columns + j]! * j
  return moments
}
