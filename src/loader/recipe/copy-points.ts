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

/** The same with joints moved by a map of the plane, as `moved` moves those of a clip; in a mirror (`order`) left and right change places. */
export function copyMoved(
  keypoints: Float32Array, from: number, row: Float32Array, { affine, order, ...piece }: Piece & { readonly affine: Affine; readonly order: readonly number[] | null },
): void {
  const { at, length, dims } = piece
  const { xx, xy, yx, yy, dx, dy } = affine
  const [end, width] = [at + length, dims + 1]
  // in one piece first: joints one by one out of memory that threads share take several times as long
  row.set(keypoints.subarray(from, from + length), at)
  for (let to = at; to < end; to += width) {
    const x = row[to]!
    const y = row[to + 1]!
    const isThere = !Number.isNaN(x + y)
    row[to] = isThere ? xx * x + xy * y + dx : 0
    row[to + 1] = isThere ? yx * x + yy * y + dy : 0
    if (dims === 3 && Number.isNaN(row[to + 2])) row[to + 2] = 0
  }
  if (order !== null) mirror(row, order, piece)
}

/** Changes each joint with its twin, person by person. */
function mirror(row: Float32Array, order: readonly number[], { at, length, dims }: Piece): void {
  const width = dims + 1
  for (let person = at; person < at + length; person += order.length * width) {
    for (let joint = 0; joint < order.length; joint++) {
      const twin = order[joint]!
      if (twin <= joint) continue
      for (let i = 0; i < width; i++) {
        const kept = row[person + joint * width + i]!
        row[person + joint * width + i] = row[person + twin * width + i]!
        row[person + twin * width + i] = kept
      }
    }
  }
}
