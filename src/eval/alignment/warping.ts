import { cheapestPath } from './alignment-kernel.ts'
import type { Distances } from './distances.ts'

/** The cells that a warping passes, first to last: frame `a[k]` of A stands beside frame `b[k]` of B. */
export type WarpingPath = { readonly a: Int32Array; readonly b: Int32Array }

/**
 * Dynamic time warping: the cheapest monotone path from both first to both last frames, steps (1, 1), (1, 0), (0, 1), cost = squared Euclidean distance; diagonal steps first on ties,
 * then those of A. Sakoe and Chiba 1978.
 */
export function warpingPath(distances: Distances): WarpingPath {
  return cheapestPath(distances)
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
