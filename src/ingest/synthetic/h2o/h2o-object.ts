import { place, type Rigid } from './h2o-rigid.ts'
import type { Point } from '../person.ts'

/** Width, depth, height of the boxes round book, espresso, lotion, spray, milk, cocoa, chips, cappuccino; m. */
const SIZES: readonly Point[] = [
  [0.15, 0.21, 0.03], [0.1, 0.12, 0.14], [0.06, 0.04, 0.18], [0.06, 0.06, 0.22], [0.07, 0.07, 0.2], [0.08, 0.08, 0.12], [0.08, 0.08, 0.23], [0.09, 0.09, 0.16],
]
/** Corners 1 to 8: round the top from where x is greatest and y least, then those below them (order after h2oplayer's `obj_point_order.jpg`). */
const CORNERS: readonly Point[] = ([1, -1] as const).flatMap((z) => ([[1, -1], [-1, -1], [-1, 1], [1, 1]] as const).map(([x, y]): Point => [x, y, z]))
/** Points 9 to 20 lie between these corners. */
const EDGES = [[1, 2], [5, 6], [7, 8], [3, 4], [1, 5], [2, 6], [3, 7], [4, 8], [1, 4], [2, 3], [6, 7], [5, 8]] as const
const MIDDLES = EDGES.map(([a, b]) => middle(CORNERS[a - 1]!, CORNERS[b - 1]!))

/** Width, depth, height of an object's box in metres; objects are 1..8. */
export function boxSize(object: number): Point {
  return SIZES[object - 1]!
}

/** The 21 points of an object's box: its centre, 8 corners, 12 middles of edges. */
export function boxPoints(object: number, pose: Rigid): Point[] {
  const [width, depth, height] = boxSize(object)
  return [[0, 0, 0] as Point, ...CORNERS, ...MIDDLES].map(([x, y, z]) => place(pose, [(x * width) / 2, (y * depth) / 2, (z * height) / 2]))
}

function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2]
}
