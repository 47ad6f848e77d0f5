import type { Value } from './canonical.ts'
import { type ClipTable, clipTables, type PackedClip } from './pack-clip.ts'
import { columnsOf, wordColumns } from './schema.ts'

/** How a joint differs, in rows of the table of frames. */
export type JointChange = {
  readonly joint: string
  /** Rows with other coordinates, and how far they lie from where they were, in the unit of the clip; null where one of the two is not known in any of them. */
  readonly moved: number
  readonly mean: number | null
  readonly max: number | null
  readonly confidences: number
  /** Rows in which it went between observed, occluded and absent. */
  readonly states: number
}

/** What differs between two versions of a clip. */
export type ClipChange = {
  readonly clip: string
  /** Columns of the table of clips, with both values. */
  readonly columns: readonly { readonly column: string; readonly from: Value; readonly to: Value }[]
  /** Rows that one of the two has and the other has not. */
  readonly tables: readonly { readonly table: ClipTable; readonly removed: readonly (readonly Value[])[]; readonly added: readonly (readonly Value[])[] }[]
  /** Joints in order of the skeleton; none when frames, persons or the skeleton differ: then no row has a counterpart. */
  readonly joints: readonly JointChange[]
  /** Other columns of the table of frames (time, box, signals), and the rows that differ. */
  readonly frames: readonly { readonly column: string; readonly rows: number }[]
}

/** Compares two versions of one clip value by value. */
export function compareClips(from: PackedClip, to: PackedClip): ClipChange {
  const columns = columnsOf('clips').slice(0, -1).flatMap(({ name }, at) => (same(from.clip[at]!, to.clip[at]!) ? [] : [{ column: name, from: from.clip[at]!, to: to.clip[at]! }]))
  const tables = clipTables.flatMap((table) => {
    const [removed, added] = [without(from.tables[table], to.tables[table]), without(to.tables[table], from.tables[table])]
    return removed.length + added.length === 0 ? [] : [{ table, removed, added }]
  })
  const isComparable = from.rows === to.rows && from.persons === to.persons && JSON.stringify(from.layout) === JSON.stringify(to.layout)
  return { clip: from.id, columns, tables, joints: isComparable ? jointChanges(from, to) : [], frames: isComparable ? frameChanges(from, to) : [] }
}

function same(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function without(rows: readonly (readonly Value[])[], others: readonly (readonly Value[])[]): (readonly Value[])[] {
  const known = new Set(others.map((row) => JSON.stringify(row)))
  return rows.filter((row) => !known.has(JSON.stringify(row)))
}

function jointChanges(from: PackedClip, to: PackedClip): JointChange[] {
  const { joints, dims } = from.layout
  const first = wordColumns(from.layout).findIndex(({ name }) => name === `${joints[0]}_x`)
  return joints.map((joint, index): JointChange => {
    const at = first + index * (dims + 2)
    const axes = Array.from({ length: dims }, (_, axis) => [floats(from, at + axis), floats(to, at + axis)] as const)
    const rows = Array.from({ length: from.rows }, (_, row) => row).filter((row) => axes.some((_, axis) => wordAt(from, at + axis, row) !== wordAt(to, at + axis, row)))
    const distances = rows.map((row) => Math.hypot(...axes.map(([a, b]) => b[row]! - a[row]!))).filter((distance) => !Number.isNaN(distance))
    return {
      joint, moved: rows.length, mean: distances.length === 0 ? null : distances.reduce((sum, one) => sum + one, 0) / distances.length,
      max: distances.length === 0 ? null : distances.reduce((most, one) => Math.max(most, one)), confidences: differing(from, to, at + dims), states: differing(from, to, at + dims + 1),
    }
  }).filter(({ moved, confidences, states }) => moved + confidences + states > 0)
}

function frameChanges(from: PackedClip, to: PackedClip): ClipChange['frames'] {
  const { joints } = from.layout
  const ofJoints = new Set(joints.flatMap((joint) => ['x', 'y', 'z', 'confidence', 'state'].map((what) => `${joint}_${what}`)))
  return wordColumns(from.layout).flatMap(({ name }, at) => {
    const rows = ofJoints.has(name) ? 0 : differing(from, to, at)
    return rows === 0 ? [] : [{ column: name, rows }]
  })
}

/** A column of floats; null rests as a NaN, which is no distance from anything. */
function floats({ words, rows }: PackedClip, column: number): Float32Array {
  return new Float32Array(words.buffer, words.byteOffset + 4 * column * rows, rows)
}

function differing(from: PackedClip, to: PackedClip, column: number): number {
  let count = 0
  for (let row = 0; row < from.rows; row++) if (wordAt(from, column, row) !== wordAt(to, column, row)) count++
  return count
}

function wordAt({ words, rows }: PackedClip, column: number, row: number): number {
  return words[column * rows + row]!
}
