import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined, TrackSegment } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { clipColumns } from './table-clip-values.ts'
import { findColumns, frameIn, numberIn, type TableColumns, type Wanted } from './table-columns.ts'
import { checkCells, placeIn, rowError, type TableRow } from './table-row.ts'
import { scanTable } from './table-scan.ts'
import { setAside } from './table-set-aside.ts'

/** A row of the table of labels: what it says about the clip, by key, and where it stands. */
export type LabelRow = { readonly values: readonly (readonly [key: string, value: string])[]; readonly place: string }
/** A row of the table of segments, in frames from 0, `end` exclusive. */
export type SegmentRow = TrackSegment & { readonly place: string }

/** Rows about clips, by the clip's name, and rows that are not what they should be. */
export type ClipRows<Row> = { readonly path: string; readonly rows: ReadonlyMap<string, readonly Row[]>; readonly quarantined: readonly Quarantined[] }

/** The catalog's table of labels; null = there is none. Throws ToolkitError when it cannot be read or lacks a column. */
export async function readLabelTable(raw: RawFolder, { layout }: DatasetEntry): Promise<ClipRows<LabelRow> | null> {
  if (layout === null || layout.labels === null) return null
  const { file, columns } = layout.labels
  const { keys, named } = clipColumns(columns)
  return readClipRows(raw, file, { named: { ...named, clip: columns.clip }, keys: ['clip', ...keys], needed: ['clip'] }, (row, at) => ({
    values: keys.flatMap((key) => (at.has(key) && row.cells[at.get(key)!]!.trim() !== '' ? [[key, row.cells[at.get(key)!]!.trim()] as const] : [])),
    place: placeIn(file, row),
  }))
}

/** The catalog's table of segments; null = there is none. Throws ToolkitError when it cannot be read or lacks a column. */
export async function readSegmentTable(raw: RawFolder, { layout, classes }: DatasetEntry): Promise<ClipRows<SegmentRow> | null> {
  if (layout === null || layout.segments === null) return null
  const { firstFrame, segments: { file, columns, track: onlyTrack, ends } } = layout
  const keys = ['clip', 'track', 'start', 'end', 'label', 'number'] as const
  return readClipRows(raw, file, { named: columns, keys, needed: ['clip', 'start', 'end', 'label'] }, (row, at) => {
    const cell = (key: (typeof keys)[number]): string => (at.has(key) ? row.cells[at.get(key)!]!.trim() : '')
    const bound = (key: 'start' | 'end'): number => frameIn(file, row, { column: at.get(key)!, key, firstFrame })
    const track = cell('track') || onlyTrack
    const [start, end] = [bound('start'), bound('end') + (ends === 'inclusive' ? 1 : 0)]
    const label = cell('label')
    if (label === '') throw rowError(file, row, { code: 'E_TABLE_SEGMENT', message: 'the segment has no label' })
    if (end <= start) {
      throw rowError(file, row, { code: 'E_TABLE_SEGMENT', message: `the segment ends at ${cell('end')} and starts at ${cell('start')}`,
        hint: `the catalog says layout.segments.ends: ${ends}` })
    }
    return { track, start, end, label, number: classNumber(file, row, at.get('number')) ?? numberOf(classes[track], label), place: placeIn(file, row) }
  })
}

type Read<Row, K extends string> = (row: TableRow, at: TableColumns<K>) => Row

async function readClipRows<Row, K extends string>(raw: RawFolder, path: string, wanted: Wanted<K>, read: Read<Row, K>): Promise<ClipRows<Row>> {
  const rows = new Map<string, Row[]>()
  const quarantined: Quarantined[] = []
  await scanTable({ raw, path }, (header) => {
    const at = findColumns(header, wanted)
    return {
      columns: at.values(),
      take(row) {
        try {
          checkCells(path, header, row)
          const clip = row.cells[at.get('clip' as K)!]!.trim()
          if (clip === '') throw rowError(path, row, { code: 'E_TABLE_CLIP', message: 'the row names no clip' })
          const value = read(row, at)
          const others = rows.get(clip)
          if (others === undefined) rows.set(clip, [value])
          else others.push(value)
        } catch (error) {
          quarantined.push(setAside(raw, error, { path, part: placeIn(path, row) }))
        }
      },
    }
  }).catch((error: unknown) => { throw about(path, error) })
  return { path, rows, quarantined }
}

function classNumber(path: string, row: TableRow, column: number | undefined): number | null {
  if (column === undefined) return null
  const number = numberIn(path, row, column, 'number')
  if (Number.isNaN(number) || Number.isSafeInteger(number)) return Number.isNaN(number) ? null : number
  throw rowError(path, row, { code: 'E_TABLE_SEGMENT', message: `number is ${number}, no whole number` })
}

function numberOf(names: readonly string[] | undefined, label: string): number | null {
  const number = names?.indexOf(label) ?? -1
  return number === -1 ? null : number
}

/** The same error with its file named. */
function about(path: string, error: unknown): unknown {
  if (!(error instanceof ToolkitError) || error.message.includes(path)) return error
  return new ToolkitError(error.code, `${path}: ${error.message}`, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) })
}
