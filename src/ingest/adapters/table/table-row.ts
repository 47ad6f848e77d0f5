import { ToolkitError } from '../../../errors.ts'
import { FormatError } from '../../readers/format-error.ts'

/**
 * A row of a table, its cells as text in the order of the header. A line of a text file, counted from 1, and its bytes [start, end); or a row of Parquet,
 * counted from 0 as pandas does: start is its number, end the next one's.
 */
export type TableRow = { readonly cells: readonly string[]; readonly number: number; readonly start: number; readonly end: number }

/** Neighbouring rows, from where the first starts to where the last ends. */
export type TableSpan = Omit<TableRow, 'cells'>

/** Which cells are wanted (the others may be empty), and who takes the rows. */
export type TableTaker = { readonly columns: Iterable<number>; take(row: TableRow): void }

/** Whether a file is Parquet, by its name. */
export function isParquet(path: string): boolean {
  return /\.parquet$/i.test(path)
}

/** Where a row stands: `line 17`, `row 16`. */
export function placeIn(path: string, { number }: Pick<TableRow, 'number'>): string {
  return `${isParquet(path) ? 'row' : 'line'} ${number}`
}

/** An error about a row, which is named. */
export function rowError(path: string, row: TableRow, { code, message, hint }: { code: string; message: string; hint?: string | undefined }): ToolkitError {
  const text = `${placeIn(path, row)}: ${message}`
  const options = hint === undefined ? {} : { hint }
  return isParquet(path) ? new ToolkitError(code, text, options) : new FormatError(code, text, row.start, options)
}

/** Throws E_TABLE_CELLS for a row that is longer or shorter than the header. */
export function checkCells(path: string, header: readonly string[], row: TableRow): void {
  if (row.cells.length === header.length) return
  throw rowError(path, row, { code: 'E_TABLE_CELLS', message: `${row.cells.length} cells, and the header has ${header.length}` })
}
