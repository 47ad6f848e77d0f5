import { rename, rm } from 'node:fs/promises'
import { withDuck } from '../store/duckdb.ts'
import type { Column } from '../store/schema.ts'
import { parquetWriter, type Table } from '../store/write-parquet.ts'
import { writeFailure } from '../write-failure.ts'

/** Writes a Parquet file of a run at one stroke, and answers its path. Throws E_DISK_FULL, E_RUNS_READ_ONLY with the old file untouched. */
export async function writeTable(file: string, table: Table): Promise<string> {
  try {
    await withDuck((duck) => parquetWriter(duck)(`${file}.tmp`, table), { threads: 1 })
    await rename(`${file}.tmp`, file)
  } catch (error) {
    throw writeFailure(error, file)
  } finally {
    await rm(`${file}.tmp`, { force: true })
  }
  return file
}

/** Columns out of `name type, name type`. */
export function columns(list: string): Column[] {
  return list.split(', ').map((column) => {
    const [name, type] = column.split(' ')
    return { name: name!, type: type as Column['type'] }
  })
}
