import type { RawFolder } from '../../raw-folder.ts'
import { csvRows, readCsvHead } from './table-csv.ts'
import { isParquet, type TableSpan, type TableTaker } from './table-row.ts'
import { withFile } from '../../large-file.ts'

/** The tables that are understood, by the end of their names. */
export const TABLES = /\.(?:csv|tsv|txt|parquet)$/i

type Rows = { readonly raw: RawFolder; readonly path: string; readonly spans?: readonly TableSpan[] | null }

/**
 * Reads a table from top to bottom, or the spans of it, and hands over row after row to whom `open` answers for its header; nulls are empty cells.
 * Throws what they throw, E_RAW_READ, E_CSV_*, E_PARQUET.
 */
export async function scanTable({ raw, path, spans = null }: Rows, open: (header: readonly string[]) => TableTaker): Promise<void> {
  // a reading thread that reads no Parquet does without DuckDB
  if (isParquet(path)) return (await import('./table-parquet.ts')).scanParquet(raw.full(path), path, spans, open)
  withFile(raw, path, (file) => {
    const { header, delimiter, body } = readCsvHead(file)
    const taker = open(header)
    for (const span of spans ?? [body]) for (const rows of csvRows(file, delimiter, span)) for (const row of rows) taker.take(row)
  })
}
