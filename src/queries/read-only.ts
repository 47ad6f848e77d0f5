import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError } from '../errors.ts'

/**
 * The text of the one statement in `sql`, checked by DuckDB's own parser to be a SELECT (SHOW, DESCRIBE, SUMMARIZE, FROM, VALUES and WITH are) or an EXPLAIN of one.
 * Throws E_SQL for what does not parse, with DuckDB's caret, and E_SQL_READ_ONLY for any other kind of statement: it is neither run nor prepared.
 */
export async function checkReadOnly(connection: DuckDBConnection, sql: string): Promise<string> {
  const { count } = await connection.extractStatements(sql).catch((cause: unknown) => Promise.reject(sqlError(cause)))
  if (count !== 1) throw new ToolkitError('E_SQL', `${count} statements: one at a time`)
  if (await isSelect(connection, sql)) return sql.trim().replace(/;\s*$/, '')
  const explained = /^\s*explain\s+(?:analyze\s+)?(?:\([^)]*\)\s*)?(?<inner>[\s\S]*)$/i.exec(sql)?.groups?.['inner']
  if (explained !== undefined && await isSelect(connection, explained)) return sql
  throw new ToolkitError('E_SQL_READ_ONLY', 'only statements that read are run', { hint: 'SELECT ..., FROM ..., WITH ..., DESCRIBE, SUMMARIZE and EXPLAIN of these are; --output writes the answer to a file' })
}

/** Whether DuckDB's parser finds SELECTs and nothing else: it turns those alone into JSON. Parsing binds nothing, so that no table function or EXPORT touches a file. */
async function isSelect(connection: DuckDBConnection, sql: string): Promise<boolean> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)', { sql })
  return (JSON.parse(String(reader.getRowsJS()[0]![0])) as { error: boolean }).error === false
}

/** DuckDB's message as it is: it names the place and the nearest column or table. */
export function sqlError(cause: unknown): ToolkitError {
  return new ToolkitError('E_SQL', (cause instanceof Error ? cause.message : String(cause)).replace(/^Failed to extract statements: /, '').trim(), { cause })
}
