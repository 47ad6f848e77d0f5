import { mkdir } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { writeTable } from '../eval/table-file.ts'
import type { Value } from '../store/canonical.ts'
import type { Column } from '../store/schema.ts'
import { rowTable } from '../store/shard-tables.ts'
import { linesOf } from '../table-lines.ts'
import { replaceFile } from '../train/index.ts'

/** Endings of the files that a table can be written to. */
export const rowEndings = ['.csv', '.json', '.parquet'] as const

/** Throws E_USAGE for a file that no table can be written to. */
export function checkRows(output: string, endings: readonly string[] = rowEndings): void {
  if (!endings.includes(extname(output))) throw new ToolkitError('E_USAGE', `--output "${output}" is none of ${endings.join(', ')}`)
}

/** Writes a small table as its file is named, at one stroke: CSV, a JSON array of objects, or Parquet. Throws E_DISK_FULL. */
export async function writeRows(file: string, { columns, rows, about }: { columns: readonly Column[]; rows: readonly (readonly Value[])[]; about: Readonly<Record<string, string>> }): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  if (extname(file) === '.parquet') return void await writeTable(file, rowTable(columns, rows, about))
  const { begin, row, between, end } = linesOf(columns.map(({ name }) => name), extname(file) === '.csv' ? 'csv' : 'json')
  await replaceFile(file, `${begin}${rows.map(row).join(between)}${end(rows.length)}`)
}
