import { principalAxes } from './principal-axes.ts'

/** Poses of one size laid out so that those near another one are found without looking at all. */
export type PoseGrid = {
  /** Visits every pose that is at most `radius` from `pose`, by its number from 0, and perhaps a few that are a little further away. */
  near(pose: Float32Array, visit: (number: number) => void): void
}

/** Axes that are looked at: what poses differ by along the others is little. */
const AXES = 12
/** Axes that part the cells: more part them better, but around a cell of five lie 242 others. */
const CELL_AXES = 5
/** Cells on each axis: poses have length 1, so that a radius of 1/30 still fits, and the number of a cell in 30 bits. */
const CELLS = 64
/** From the key of a cell to those of the cells around it, and to itself. */
const stepsAround = Array.from({ length: CELL_AXES }).reduce<number[]>((steps) => steps.flatMap((step) => [-1, 0, 1].map((shift) => step * CELLS + shift)), [0])

/**
 * Lays poses [count, size] of length 1 on a grid of their principal axes with cells as wide as `radius`, cell after cell: a projection brings no two of them
 * further apart, so that all that is near lies in the cells around, and near there too.
 */
export function makePoseGrid(poses: Float32Array, size: number, radius: number): PoseGrid {
  const axes = principalAxes(poses, size, AXES)
  const count = poses.length / size
  const projected = Array.from({ length: count }, (_, number) => project(poses.subarray(number * size, (number + 1) * size), axes))
  const { order, starts, cells } = byCell(projected.map((point) => keyOf(cellOf(point, radius))))
  const points = new Float32Array(count * axes.length)
  order.forEach((number, at) => points.set(projected[number]!, at * axes.length))
  return {
    near(pose, visit) {
      const point = project(pose, axes)
      const key = keyOf(cellOf(point, radius))
      for (const step of stepsAround) {
        const cell = cells.get(key + step)
        if (cell === undefined) continue
        for (let at = starts[cell]!; at < starts[cell + 1]!; at++) if (isNear(point, points, at * axes.length, radius)) visit(order[at]!)
      }
    },
  }
}

function project(pose: Float32Array, axes: readonly Float64Array[]): Float32Array {
  return Float32Array.from(axes, (axis) => {
    let along = 0
    for (let i = 0; i < axis.length; i++) along += axis[i]! * pose[i]!
    return along
  })
}

function cellOf(point: Float32Array, radius: number): number[] {
  return Array.from(point.subarray(0, CELL_AXES), (along) => Math.floor(along / radius) + CELLS / 2)
}

function keyOf(cell: readonly number[]): number {
  return cell.reduce((key, place) => key * CELLS + place, 0)
}

/** Numbers of poses in order of cell: those of cell `c` = `cells.get(key)` are order[starts[c]] to order[starts[c + 1] - 1]. */
function byCell(keys: readonly number[]): { order: Int32Array; starts: Int32Array; cells: Map<number, number> } {
  const cells = new Map<number, number>()
  for (const key of keys) if (!cells.has(key)) cells.set(key, cells.size)
  const starts = new Int32Array(cells.size + 1)
  for (const key of keys) starts[cells.get(key)! + 1]!++
  for (let cell = 0; cell < cells.size; cell++) starts[cell + 1]! += starts[cell]!
  const [order, next] = [new Int32Array(keys.length), starts.slice()]
  keys.forEach((key, number) => (order[next[cells.get(key)!]!++] = number))
  return { order, starts, cells }
}

function isNear(point: Float32Array, points: Float32Array, start: number, radius: number): boolean {
  let left = radius * radius
  for (let i = 0; i < point.length; i++) {
    const apart = point[i]! - points[start + i]!
    left -= apart * apart
    // the projections are rounded to floats
    if (left < -1e-6) return false
  }
  return true
}
