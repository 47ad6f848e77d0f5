import { type Distances, scaleOf } from './distances.ts'
import { asShares } from './soft-match.ts'

/**
 * Soft warping: each row of the expected alignment as shares [rows, columns]. All monotone paths from first to last frames count, each by exp(-cost / gamma), gamma = temperature x mean distance;
 * cell (i, j) has the share of them that pass it. That is the gradient of soft-DTW by the distances. Towards temperature 0 it becomes dynamic time warping. Cuturi & Blondel, Soft-DTW,
 * ICML 2017, algorithms 1 and 2.
 */
export function softWarping(distances: Distances, temperature: number): Float64Array {
  return asShares(expectedAlignment(distances, temperature * scaleOf(distances)), distances.columns)
}

/** The share [rows, columns] of paths, weighed by exp(-cost / gamma), that pass each cell; rows add up to at least 1. */
export function expectedAlignment({ rows, columns, values }: Distances, gamma: number): Float64Array {
  const costs = softCosts({ rows, columns, values }, gamma)
  const shares = new Float64Array(values.length)
  shares[values.length - 1] = 1
  const sent = (from: number, to: number): number => shares[to]! * Math.exp((costs[to]! - values[to]! - costs[from]!) / gamma)
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const at = i * columns + j
      if (i + 1 < rows) shares[at]! += sent(at, at + columns)
      if (j + 1 < columns) shares[at]! += sent(at, at + 1)
      if (i + 1 < rows && j + 1 < columns) shares[at]! += sent(at, at + columns + 1)
    }
  }
  return shares
}

/** -gamma log sum over the paths to each cell of exp(-cost / gamma). */
function softCosts({ rows, columns, values }: Distances, gamma: number): Float64Array {
  const costs = new Float64Array(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j
      const [up, left, both] = [i > 0 ? costs[at - columns]! : Infinity, j > 0 ? costs[at - 1]! : Infinity, i > 0 && j > 0 ? costs[at - columns - 1]! : Infinity]
      const least = Math.min(up, left, both)
      const total = Math.exp((least - up) / gamma) + Math.exp((least - left) / gamma) + Math.exp((least - both) / gamma)
      costs[at] = values[at]! + (at === 0 ? 0 : least - gamma * Math.log(total))
    }
  }
  return costs
}
