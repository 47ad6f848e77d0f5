import { principalAxes } from './principal-axes.ts'

/** Poses of one size laid out so that those near another one are found without looking at all. */
export type PoseGrid = {
  /** Visits every pose [0, count) that is at most `radius` from `pose`, in an order of its own. */
  near(pose: Float32Array, visit: (at: number) => void): void
}

/** Cells on each axis: poses have length 1, so that a radius of 0.02 still fits. */
const CELLS = 128

/**
 * Lays poses [count, size] of length 1 on a grid of their three principal axes with cells as wide as `radius`: a projection brings no two further apart, so that
 * all that is near lies in the cells around.
 */
export function makePoseGrid(poses: Float32Array, size: number, radius: number): PoseGrid {
  const axes = principalAxes(poses, size, 3)
  const cellOf = (pose: Float32Array, at: number): number[] => axes.map((axis) => {
    let along = 0
    for (let i = 0; i < size; i++) along += axis[i]! * pose[at + i]!
    return Math.floor(along / radius) + CELLS / 2
  })
  const keyOf = (cell: readonly number[]): number => cell.reduce((key, place) => key * CELLS + place, 0)
  const [first, next] = [new Map<number, number>(), new Int32Array(poses.length / size)]
  for (let at = 0; at < next.length; at++) {
    const key = keyOf(cellOf(poses, at * size))
    next[at] = first.get(key) ?? -1
    first.set(key, at)
  }
  return {
    near(pose, visit) {
      for (const cell of around(cellOf(pose, 0))) {
        for (let at = first.get(keyOf(cell)) ?? -1; at !== -1; at = next[at]!) if (isNear(pose, poses, at * size, radius)) visit(at)
      }
    },
  }
}

function around(cell: readonly number[]): number[][] {
  return cell.reduce<number[][]>((cells, place) => cells.flatMap((before) => [-1, 0, 1].map((shift) => [...before, place + shift])), [[]])
}

function isNear(pose: Float32Array, poses: Float32Array, start: number, radius: number): boolean {
  let left = radius * radius
  for (let i = 0; i < pose.length; i++) {
    const apart = pose[i]! - poses[start + i]!
    left -= apart * apart
    if (left < 0) return false
  }
  return true
}
