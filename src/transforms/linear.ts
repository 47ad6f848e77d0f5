import { nowhere } from '../affine.ts'
import type { Clip } from '../clip.ts'

/** A 3 x 3 matrix, row by row. */
export type Matrix = readonly [readonly [number, number, number], readonly [number, number, number], readonly [number, number, number]]

/** A clip of three dimensions with every joint p at `matrix` p. Boxes are let go, and pictures cannot follow: neither has a third dimension. */
export function movedInSpace(clip: Clip, matrix: Matrix): Clip {
  const keypoints = clip.keypoints?.slice() ?? null
  const numbers = keypoints ?? new Float32Array()
  for (let at = 0; at < numbers.length; at += 4) {
    const [x, y, z] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!]
    matrix.forEach(([a, b, c], axis) => { numbers[at + axis] = a * x + b * y + c * z })
  }
  return { ...clip, keypoints, raw: null, boxes: null, placement: nowhere }
}

/** a b */
export function product(a: Matrix, b: Matrix): Matrix {
  const rows = a.map((row) => [0, 1, 2].map((column) => row[0] * b[0][column]! + row[1] * b[1][column]! + row[2] * b[2][column]!))
  return rows as unknown as Matrix
}
