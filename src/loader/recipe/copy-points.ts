import type { Affine } from '../../affine.ts'

/** Which numbers go where: as many, to `at` of the row; joints have `dims` coordinates and a confidence. */
type Piece = { readonly at: number; readonly length: number; readonly dims: number }

/** `length` numbers, the coordinates of absent joints (NaN, confidence 0) as 0. */
export function copyPoints(keypoints: Float32Array, from: number, row: Float32Array, { at, length, dims }: Piece): void {
  row.set(keypoints.subarray(from, from + length), at)
  // a joint at a time: most have a confidence, and nothing else of them is looked at
  for (let end = at + dims; end < at + length; end += dims + 1) {
    if (row[end] === 0) for (let i = end - dims; i < end; i++) if (Number.isNaN(row[i])) row[i] = 0
  }
}

/**
 * The same with joints moved by a map of the plane, as `moved` moves those of a clip, and in the order of a mirror where there is one: `order[j]` of the clip becomes joint j.
 */
export function copyMoved(
  keypoints: Float32Array, from: number, row: Float32Array, { at, length, dims, affine: { xx, xy, yx, yy, dx, dy }, order }: Piece & { readonly affine: Affine; readonly order: readonly number[] | null },
): void {
  const width = dims + 1
  const person = order === null ? width : order.length * width
  for (let body = 0; body < length; body += person) {
    for (let joint = 0; joint * width < person; joint++) {
      const source = from + body + (order === null ? 0 : order[joint]! * width)
      const to = at + body + joint * width
      const [x, y] = [keypoints[source]!, keypoints[source + 1]!]
      const [movedX, movedY] = [xx * x + xy * y + dx, yx * x + yy * y + dy]
      row[to] = Number.isNaN(movedX) ? 0 : movedX
      row[to + 1] = Number.isNaN(movedY) ? 0 : movedY
      if (dims === 3) row[to + 2] = Number.isNaN(keypoints[source + 2]!) ? 0 : keypoints[source + 2]!
      row[to + dims] = keypoints[source + dims]!
    }
  }
}
