import type { Tensor } from '../../tensor.ts'
import { type Distances, distancesOf } from './distances.ts'
import { type WarpingPath, warpedFrames, warpingPath } from './warping.ts'

/** What the frames of a clip cost beside another one. */
export type FrameCosts = {
  /** [T] the least squared distance to a frame beside it on the warping path: in its place. */
  readonly placed: Float64Array
  /** [T] the least squared distance to any frame: in whatever place. */
  readonly free: Float64Array
  /** [T] the other clip's frame beside it, the middle one of several. */
  readonly frames: Int32Array
}

/** What the frames of both cost beside one another: those of `a`, then those of `b`. */
export function pairCosts(a: Tensor, b: Tensor): [FrameCosts, FrameCosts] {
  const there = distancesOf(a, b)
  const back = transposed(there)
  const path = warpingPath(there)
  return [costsOf(there, path), costsOf(back, { a: path.b, b: path.a })]
}

function costsOf(distances: Distances, path: WarpingPath): FrameCosts {
  const { rows, columns, values } = distances
  const placed = new Float64Array(rows).fill(Infinity)
  for (const [k, row] of path.a.entries()) placed[row] = Math.min(placed[row]!, values[row * columns + path.b[k]!]!)
  const free = Float64Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns).reduce((least, value) => Math.min(least, value), Infinity))
  return { placed, free, frames: warpedFrames(path, rows) }
}

function transposed({ rows, columns, values }: Distances): Distances {
  return { rows: columns, columns: rows, values: Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!) }
}
