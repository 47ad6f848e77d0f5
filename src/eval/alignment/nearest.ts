import type { Distances } from './distances.ts'

/** For each frame of A [rows] the nearest frame of B, the first one on ties. It heeds no order. */
export function nearest({ rows, columns, values }: Distances): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let winner = row * columns
    for (let at = winner + 1; at < (row + 1) * columns; at++) if (values[at]! < values[winner]!) winner = at
    return winner - row * columns
  })
}
