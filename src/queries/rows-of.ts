import type { DuckDBConnection } from '@duckdb/node-api'
import { sqlError } from './sql-error.ts'
import { trustScans } from './trusted-scan.ts'

/** The rows of a query of ours, by name of column; of `values`, those are bound that it speaks of (`$name`). Throws E_SQL and what `trustScans` throws. */
export async function rowsOf(connection: DuckDBConnection, sql: string, values: Record<string, string | number>): Promise<Record<string, unknown>[]> {
  await trustScans(connection, sql)
  try {
    const used = Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`$${name}`)))
    return (await connection.runAndReadAll(sql, used)).getRowObjectsJS()
  } catch (error) {
    throw sqlError(error, sql)
  }
}
