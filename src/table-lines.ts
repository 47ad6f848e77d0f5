/** How a table is written row by row: what stands before the first row, a row, what parts two rows, and what stands after so many. */
export type Lines = { readonly begin: string; row(values: readonly unknown[]): string; readonly between: string; end(rows: number): string }

/** Lines of CSV, quoted as in RFC 4180, ending in LF, null = empty; or of a JSON array of objects, one a line. */
export function linesOf(columns: readonly string[], format: 'csv' | 'json'): Lines {
  if (format === 'csv') return { begin: `${columns.map(csvCell).join(',')}\n`, row: (values) => `${values.map(csvCell).join(',')}\n`, between: '', end: () => '' }
  return { begin: '[', row: (values) => `\n${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, values[at]])))}`, between: ',', end: (rows) => (rows === 0 ? ']\n' : '\n]\n') }
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
