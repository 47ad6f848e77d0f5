/** Rows under headings, columns aligned, numbers to the right. */
export function textTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => columns.map((_, column) => cellOf(row[column])))
  const isNumber = columns.map((_, column) => rows.every((row) => ['number', 'bigint', 'object'].includes(typeof row[column])))
  const widths = columns.map((name, column) => cells.reduce((widest, row) => Math.max(widest, row[column]!.length), name.length))
  const line = (row: readonly string[]): string => row.map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ').trimEnd()
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
