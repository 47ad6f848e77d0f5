import type { TableLayout } from '../../../catalog-layout.ts'
import { ABSENT, OBSERVED } from '../../../clip.ts'
import type { Skeleton } from '../../../skeleton.ts'
import { type ClipValues, clipColumns, noteValue } from './table-clip-values.ts'
import { findColumns, frameIn, numberIn } from './table-columns.ts'
import { type Axis, type JointCells, longJoints, wideJoints } from './table-joints.ts'
import { type JointSample, MAX_CELLS } from './table-poses.ts'
import { checkCells, placeIn, rowError, type TableRow, type TableTaker } from './table-row.ts'

/** What the rows of a clip said; filled row by row. */
export type TableClip = { readonly samples: JointSample[]; readonly values: ClipValues; readonly dims: Set<2 | 3>; arePersonsNamed: boolean }

type TablePlace = {
  readonly path: string
  /** How people are told of the file behind a row; empty where there is but one. */
  readonly suffix: string
  readonly layout: TableLayout
  readonly skeleton: Skeleton
}

/** Takes the rows of one clip (null: all rows are its) out of a table with that header. Throws E_TABLE_* for the first thing that is not what it should be. */
export function clipTaker(place: TablePlace, header: readonly string[], clip: string | null, into: TableClip): TableTaker {
  const { path, suffix, layout, layout: { columns: { wide }, firstFrame } } = place
  const values = clipColumns(layout.columns)
  const joint = wide === undefined ? ['joint', 'x', 'y', 'z', 'confidence'] : []
  const needed = ['frame', ...(wide === undefined ? ['joint', 'x', 'y', ...Object.keys(layout.missing)] : [])]
  const named = { ...layout.columns, ...values.named, ...(clip === null ? { clip: null } : {}) } as Record<string, string | null | undefined>
  const at = findColumns(header, { named, keys: ['clip', 'frame', 'person', ...joint, ...values.keys], needed })
  const joints = wide === undefined ? longJoints(place, at) : wideJoints(place, header, wide)
  into.dims.add(joints.dims)
  into.arePersonsNamed ||= at.has('person')
  const said = values.keys.filter((key) => at.has(key))
  return {
    columns: [...at.values(), ...joints.columns],
    take(row) {
      const cell = (key: string): string => row.cells[at.get(key)!]!.trim()
      if (clip !== null && row.cells[at.get('clip')!]?.trim() !== clip) return
      checkCells(path, header, row)
      const where = placeIn(path, row) + suffix
      const person = at.has('person') ? cell('person') : '0'
      if (person === '') throw rowError(path, row, { code: 'E_TABLE_PERSON', message: 'the row names no person' })
      const who = { frame: frameIn(path, row, { column: at.get('frame')!, firstFrame }), person, place: where }
      for (const cells of joints.of(row)) into.samples.push(sampleOf(place, row, cells, who))
      if (into.samples.length > MAX_CELLS) {
        throw rowError(path, row, { code: 'E_CLIP_LARGE', message: `the clip has more than ${MAX_CELLS} joints in all frames` })
      }
      for (const key of said) noteValue(into.values, key, { value: cell(key), where })
    },
  }
}

type Who = Pick<JointSample, 'frame' | 'person' | 'place'>

function sampleOf({ path, layout: { missing }, skeleton }: TablePlace, row: TableRow, { joint, at }: JointCells, who: Who): JointSample {
  const number = (axis: Axis): number => (at.has(axis) ? numberIn(path, row, at.get(axis)!, axis) : NaN)
  const numbers = { x: number('x'), y: number('y'), z: number('z'), confidence: at.has('confidence') ? number('confidence') : 1 }
  const needed = at.has('z') ? ['x', 'y', 'z'] as const : ['x', 'y'] as const
  const marks = Object.entries(missing)
  const isMarked = marks.length > 0 && marks.every(([axis, value]) => numbers[axis as Axis] === value)
  if (isMarked || needed.every((axis) => Number.isNaN(numbers[axis]))) return { ...who, joint, ...numbers, confidence: 0, state: ABSENT }
  const lacking = [...needed, 'confidence' as const].find((axis) => Number.isNaN(numbers[axis]))
  if (lacking === undefined) return { ...who, joint, ...numbers, state: OBSERVED }
  throw rowError(path, row, { code: 'E_TABLE_COORDINATE', message: `${skeleton.rawJoints[joint]} has no ${lacking}, and has other numbers`,
    hint: 'a joint that is not there has empty cells, or what the catalog says in layout.missing' })
}
