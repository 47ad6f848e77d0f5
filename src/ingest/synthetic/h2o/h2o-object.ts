import { place, type Rigid } from './h2o-rigid.ts'
import type { Point } from '../person.ts'

/** Width, depth, height of the boxes round book, espresso, lotion, spray, milk, cocoa, chips, cappuccino; m. */
const SIZES: readonly Point[] = [
  [0.15, 0.21, 0.03], [0.1, 0.12, 0.14], [0.06, 0.04, 0.18], [0.06, 0.06, 0.22], [0.07, 0.07, 0.2], [0.08, 0.08, 0.12], [0.08, 0.08, 0.23], [0.09, 0.09, 0.16],
]
const SIGNS = [-1, 1] as const
const CORNERS: readonly Point[] = SIGNS.flatMap((z) => SIGNS.flatMap((y) => SIGNS.map((x): Point => [x, y, z])))
const SIDES = SIGNS.flatMap((b) => SIGNS.map((a) => [a, b] as const))
const EDGES = ([0, 1, 2] as const).flatMap((axis) => SIDES.map(([a, b]): Point => ([[0, a, b], [a, 0, b], [a, b, 0]] as const)[axis]))

/** Width, depth, height of an object's box in metres; objects are 1..8. */
export function boxSize(object: number): Point {
  return SIZES[object - 1]!
}

/** The 21 points of an object's box: its centre, 8 corners (x changes first, then y, then z), 12 middles of edges (along x, along y, along z). */
export function boxPoints(object: number, pose: Rigid): Point[] {
  const [width, depth, height] = boxSize(object)
  return [[0, 0, 0] as Point, ...CORNERS, ...EDGES].map(([x, y, z]) => place(pose, [(x * width) / 2, (y * depth) / 2, (z * height) / 2]))
}
