import type { DuckDBConnection } from '@duckdb/node-api'
import { FileLists } from '../file-lists.ts'
import { macroStatements } from '../macros.ts'
import { viewStatements } from '../views.ts'
import { functionFacts } from './function-facts.ts'
import type { LintKnowledge } from './scope.ts'

/** What there is to know beside a statement: makes the tables and macros of docs/sql.md in an empty DuckDB, without a row, and asks for their columns. */
export async function learn(connection: DuckDBConnection): Promise<LintKnowledge> {
  const macros = await macroStatements([])
  const views = viewStatements({ storeDir: '', runsDir: '', stored: [], parts: [], lists: new FileLists() })
  for (const statement of [...views, ...macros.values()]) await connection.run(statement)
  const tables = new Map<string, Map<string, boolean>>()
  const note = (table: string, column: string, type: string): unknown => tables.set(table, (tables.get(table) ?? new Map<string, boolean>()).set(column.toLowerCase(), /FLOAT|DOUBLE/.test(type)))
  for (const [table, column, type] of await rows(connection, 'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index')) note(table!, column!, type!)
  const calls = await rows(connection, `SELECT function_name, repeat('NULL, ', len(parameters) - 1) || 'NULL' FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal ORDER BY function_name`)
  for (const [macro, parameters] of calls) {
    for (const [column, type] of await rows(connection, `SELECT column_name, column_type FROM (DESCRIBE FROM ${macro}(${parameters}))`)) note(macro!, column!, type!)
  }
  return { functions: await functionFacts(connection), tables }
}

async function rows(connection: DuckDBConnection, sql: string): Promise<string[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJS() as string[][]
}
