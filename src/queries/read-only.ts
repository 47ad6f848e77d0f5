import { type DuckDBConnection, StatementType } from '@duckdb/node-api'
import { ToolkitError } from '../errors.ts'

/**
 * The text of the one statement in `sql`, checked by DuckDB's own parser to be a SELECT (SHOW, DESCRIBE, SUMMARIZE, FROM, VALUES and WITH are) or an EXPLAIN of one.
 * Throws E_SQL for what does not parse, with DuckDB's caret, and E_SQL_READ_ONLY for any other kind of statement: it is never run.
 */
export async function checkReadOnly(connection: DuckDBConnection, sql: string): Promise<string> {
  const type = await statementTypeOf(connection, sql)
  if (type === StatementType.SELECT) return sql.trim().replace(/;\s*$/, '')
  const explained = /^\s*explain\s+(?:analyze\s+)?(?:\([^)]*\)\s*)?(?<inner>[\s\S]*)$/i.exec(sql)?.groups?.['inner']
  if (type === StatementType.EXPLAIN && explained !== undefined && (await statementTypeOf(connection, explained)) === StatementType.SELECT) return sql
  throw new ToolkitError('E_SQL_READ_ONLY', `a statement of kind ${StatementType[type]} is not run: queries only read`, { hint: 'SELECT ..., FROM ..., WITH ..., DESCRIBE, SUMMARIZE and EXPLAIN of these are; --output writes the answer to a file' })
}

async function statementTypeOf(connection: DuckDBConnection, sql: string): Promise<StatementType> {
  const statements = await connection.extractStatements(sql).catch((cause: unknown) => Promise.reject(sqlError(cause)))
  if (statements.count !== 1) throw new ToolkitError('E_SQL', `${statements.count} statements: one at a time`)
  const prepared = await statements.prepare(0).catch((cause: unknown) => Promise.reject(sqlError(cause)))
  try {
    return prepared.statementType
  } finally {
    prepared.destroySync()
  }
}

/** DuckDB's message as it is: it names the place and the nearest column or table. */
export function sqlError(cause: unknown): ToolkitError {
  return new ToolkitError('E_SQL', cause instanceof Error ? cause.message.trim() : String(cause), { cause })
}
