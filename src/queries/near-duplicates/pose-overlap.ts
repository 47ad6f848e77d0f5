import { cappedDistance, type Poses } from './pose-distance.ts'

/** Where two sequences of poses run alike: poses [start, end) of each, and the root mean squared distance of the pairs along the way. */
export type Overlap = { readonly distance: number; readonly a: readonly [start: number, end: number]; readonly b: readonly [start: number, end: number] }

/** A pose that is wholly another counts for this many times the distance allowed, so that one bad frame does not part what belongs together. */
const WORST = 4
const LEAST_FRAMES = 8

/**
 * The best stretch of two sequences that begins where one of them begins, ends where one of them ends, covers more than half of the shorter, and whose mean
 * squared distance is at most `allowed`; null = there is none. Dynamic time warping with steps (1, 1), (1, 2) and (2, 1): speeds within 0.5 to 2 (Sakoe and
 * Chiba 1978). A pair costs its squared distance less `allowed`, so that the cheapest path costs at most 0 where any mean is low enough.
 */
export function poseOverlap(a: Poses, b: Poses, allowed: number): Overlap | null {
  const distance = cappedDistance(a, b, WORST ** 2 * allowed)
  const rows = Array.from({ length: 3 }, () => makeRow(b.frames))
  let best: (Overlap & { cost: number }) | null = null
  for (let i = 0; i < a.frames; i++) {
    const [row, last, secondLast] = [rows[i % 3]!, rows[(i + 2) % 3]!, rows[(i + 1) % 3]!]
    for (let j = 0; j < b.frames; j++) {
      begin(row, i, j)
      if (i > 0 && j > 0) extend(row, j, last, j - 1)
      if (i > 0 && j > 1) extend(row, j, last, j - 2)
      if (i > 1 && j > 0) extend(row, j, secondLast, j - 1)
      // not even if all that can follow were equal
      if (row.cost[j]! > allowed * Math.min(a.frames - i, b.frames - j)) row.cost[j] = Infinity
      if (row.cost[j] === Infinity) continue
      row.cost[j]! += distance(i, j) - allowed
      row.count[j]! += 1
      const cost = row.cost[j]!
      if (cost > 0 || (best !== null && cost >= best.cost)) continue
      if ((i === a.frames - 1 || j === b.frames - 1) && isLong(a, b, [row.startA[j]!, i + 1], [row.startB[j]!, j + 1])) {
        best = { cost, distance: Math.sqrt(Math.max(0, cost / row.count[j]! + allowed)), a: [row.startA[j]!, i + 1], b: [row.startB[j]!, j + 1] }
      }
    }
  }
  return best === null ? null : { distance: best.distance, a: best.a, b: best.b }
}

/** Of the cheapest path to each pose of b: its cost, its number of pairs and where it began. */
type Row = { readonly cost: Float64Array; readonly count: Int32Array; readonly startA: Int32Array; readonly startB: Int32Array }

function makeRow(length: number): Row {
  return { cost: new Float64Array(length), count: new Int32Array(length), startA: new Int32Array(length), startB: new Int32Array(length) }
}

/** A path may begin at the first pose of a or of b. */
function begin(row: Row, i: number, j: number): void {
  row.cost[j] = i === 0 || j === 0 ? 0 : Infinity
  row.count[j] = 0
  row.startA[j] = i
  row.startB[j] = j
}

function extend(row: Row, j: number, from: Row, at: number): void {
  if (from.cost[at]! >= row.cost[j]!) return
  row.cost[j] = from.cost[at]!
  row.count[j] = from.count[at]!
  row.startA[j] = from.startA[at]!
  row.startB[j] = from.startB[at]!
}

function isLong(a: Poses, b: Poses, [startA, endA]: Overlap['a'], [startB, endB]: Overlap['b']): boolean {
  const covered = a.frames <= b.frames ? endA - startA : endB - startB
  return Math.min(endA - startA, endB - startB) >= LEAST_FRAMES && 2 * covered > Math.min(a.frames, b.frames)
}
