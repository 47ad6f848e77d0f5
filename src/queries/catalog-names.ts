import type { DuckDBConnection } from '@duckdb/node-api'
import { macroNames } from './macros.ts'

/** What a session knows by name: tables with their columns (and their types), macros, and the joints of all data sets. */
export type CatalogNames = {
  readonly tables: ReadonlyMap<string, readonly { readonly name: string; readonly type: string }[]>
  readonly macros: readonly string[]
  readonly joints: readonly string[]
}

/** Reads them from the connection's own catalog. */
export async function catalogNames(connection: DuckDBConnection): Promise<CatalogNames> {
  const reader = await connection.runAndReadAll(`
    SELECT table_name, list({'name': column_name, 'type': data_type} ORDER BY column_index), getvariable('joints')
    FROM duckdb_columns() WHERE NOT internal GROUP BY table_name ORDER BY table_name`)
  const rows = reader.getRowsJS() as [string, { name: string; type: string }[], string[]][]
  return { tables: new Map(rows.map(([table, columns]) => [table, columns])), macros: macroNames, joints: rows[0]?.[2] ?? [] }
}
