import type { Distances } from './distances.ts'

/** The cells that a warping passes, first to last: frame `a[k]` of A stands beside frame `b[k]` of B. */
export type WarpingPath = { readonly a: Int32Array; readonly b: Int32Array }

/**
 * Dynamic time warping: the cheapest monotone path from both first to both last frames, steps (1, 1), (1, 0), (0, 1), cost = squared Euclidean distance; diagonal steps first on ties,
 * then those of A. Sakoe and Chiba 1978.
 */
export function warpingPath({ rows, columns, values }: Distances): WarpingPath {
  const costs = accumulated(values, rows, columns)
  const [a, b] = [new Int32Array(rows + columns - 1), new Int32Array(rows + columns - 1)]
  let first = a.length
  let [i, j] = [rows - 1, columns - 1]
  for (;;) {
    a[--first] = i
    b[first] = j
    if (i === 0 && j === 0) return { a: a.slice(first), b: b.slice(first) }
    const at = i * columns + j
    const diagonal = i > 0 && j > 0 ? costs[at - columns - 1]! : Infinity
    const up = i > 0 ? costs[at - columns]! : Infinity
    const left = j > 0 ? costs[at - 1]! : Infinity
    const isDiagonal = diagonal <= up && diagonal <= left
    if (isDiagonal || up <= left) i--
    if (isDiagonal || up > left) j--
  }
}

/** For each of the `rows` frames of A the frame of B beside it on the path; of several the middle one (the earlier of two). */
export function warpedFrames({ a, b }: WarpingPath, rows: number): Int32Array {
  const first = new Int32Array(rows).fill(-1)
  const last = new Int32Array(rows)
  for (let k = 0; k < a.length; k++) {
    if (first[a[k]!] === -1) first[a[k]!] = b[k]!
    last[a[k]!] = b[k]!
  }
  return first.map((start, row) => Math.floor((start + last[row]!) / 2))
}

/** Cheapest cost of a path to each cell. */
function accumulated(values: Float64Array, rows: number, columns: number): Float64Array {
  const costs = values.slice()
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
