import type { Tensor } from '../../tensor.ts'
import { distanceMatrix } from './nearest-neighbour.ts'

/**
 * Dynamic time warping: for each frame of a [A, d] the frame of b [B, d] it is aligned to by the cheapest monotone path from both first to both last frames,
 * steps (1, 1), (1, 0), (0, 1), cost = squared Euclidean distance; diagonal steps first on ties. Of several frames of b the middle one (the earlier of two).
 * Sakoe and Chiba 1978.
 */
export function warpedFrames(a: Tensor, b: Tensor): Int32Array {
  const [rows, columns] = [a.shape[0]!, b.shape[0]!]
  const costs = accumulate(distanceMatrix(a, b), rows, columns)
  const first = new Int32Array(rows)
  const last = new Int32Array(rows).fill(-1)
  let [i, j] = [rows - 1, columns - 1]
  for (;;) {
    first[i] = j
    if (last[i] === -1) last[i] = j
    if (i === 0 && j === 0) break
    const at = i * columns + j
    const [diagonal, up, left] = [i > 0 && j > 0 ? costs[at - columns - 1]! : Infinity, i > 0 ? costs[at - columns]! : Infinity,
      j > 0 ? costs[at - 1]! : Infinity]
    if (diagonal <= up && diagonal <= left) [i, j] = [i - 1, j - 1]
    else if (up <= left) i--
    else j--
  }
  return first.map((start, row) => Math.floor((start + last[row]!) / 2))
}

/** Cheapest cost of a path to each cell, in place. */
function accumulate(costs: Float64Array, rows: number, columns: number): Float64Array {
  for (let j = 1; j < columns; j++) costs[j]! += costs[j - 1]!
  for (let i = 1; i < rows; i++) {
    costs[i * columns]! += costs[(i - 1) * columns]!
    for (let j = 1; j < columns; j++) {
      const at = i * columns + j
      costs[at]! += Math.min(costs[at - columns - 1]!, costs[at - columns]!, costs[at - 1]!)
    }
  }
  return costs
}
