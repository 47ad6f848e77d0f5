import type { Answer } from '../queries/index.ts'
import { linesOf } from '../table-lines.ts'
import { textTable } from './text-table.ts'

export const formats = ['table', 'csv', 'json', 'parquet'] as const
export type Format = (typeof formats)[number]
export type TextFormat = Exclude<Format, 'parquet'>

/** An answer as a table, as CSV (quoted as in RFC 4180, lines end in LF, null = empty) or as a JSON array of objects, one a line. A cut answer says so in the table. */
export function answerText({ columns, rows, truncated }: Answer, format: TextFormat): string {
  if (format === 'table') return `${textTable(columns, rows)}${truncated ? `\n(cut after ${rows.length} rows: --limit)` : ''}`
  const { begin, row, between, end } = linesOf(columns, format)
  return `${begin}${rows.map(row).join(between)}${end(rows.length)}`.trimEnd()
}
