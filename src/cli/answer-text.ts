import type { Answer, JsonValue } from '../queries/index.ts'
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

/** How an answer is written row by row: what stands before the first row, a row, what parts two rows, and what stands after so many. */
export type Lines = { readonly begin: string; row(values: readonly JsonValue[]): string; readonly between: string; end(rows: number): string }

export function linesOf(columns: readonly string[], format: 'csv' | 'json'): Lines {
  if (format === 'csv') return { begin: `${columns.map(csvCell).join(',')}\n`, row: (values) => `${values.map(csvCell).join(',')}\n`, between: '', end: () => '' }
  return { begin: '[', row: (values) => `\n${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, values[at]])))}`, between: ',', end: (rows) => (rows === 0 ? ']\n' : '\n]\n') }
}

function csvCell(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
