import type { Answer, JsonValue } from '../queries/index.ts'
import { textTable } from './text-table.ts'

export const formats = ['table', 'csv', 'json', 'parquet'] as const
export type Format = (typeof formats)[number]

/** An answer as a table, as CSV (quoted as in RFC 4180, lines end in LF, null = empty) or as a JSON array of objects. A cut answer says so in the table. */
export function answerText({ columns, rows, truncated }: Answer, format: Exclude<Format, 'parquet'>): string {
  switch (format) {
    case 'json': return JSON.stringify(rows.map((row) => Object.fromEntries(columns.map((name, column) => [name, row[column]]))), null, 1)
    case 'csv': return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')
    case 'table': return `${textTable(columns, rows)}${truncated ? `\n(cut after ${rows.length} rows: --limit)` : ''}`
  }
}

function csvCell(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
