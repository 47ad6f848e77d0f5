import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError } from '../errors.ts'

/** Table functions that only read. What is not here may act although a SELECT calls it: enable_logging writes a file, query() hides another statement. */
const tableFunctions = /^(?:range|generate_series|unnest|repeat|glob|summary|histogram|histogram_values|json_each|json_tree|sniff_csv|parquet_\w+|read_(?:parquet|csv|csv_auto|text|blob|json\w*|ndjson\w*)|duckdb_(?:columns|tables|views|functions|types|settings|keywords)|pragma_(?:table_info|version))$/
const actingFunctions: ReadonlySet<string> = new Set(['write_log', 'nextval', 'setseed'])

/**
 * The text of the one statement in `sql`, checked by DuckDB's own parser to be a SELECT (SHOW, DESCRIBE, SUMMARIZE, FROM, VALUES and WITH are) or an EXPLAIN of one.
 * Throws E_SQL for what does not parse, with DuckDB's caret, and E_SQL_READ_ONLY for any other kind of statement or function: it is neither run nor prepared.
 */
export async function checkReadOnly(connection: DuckDBConnection, sql: string): Promise<string> {
  if (/^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*$/.test(sql)) throw new ToolkitError('E_SQL', 'the query is empty', { hint: 'for example: select * from clips limit 5' })
  const { count } = await connection.extractStatements(sql).catch((cause: unknown) => Promise.reject(sqlError(cause)))
  if (count !== 1) throw new ToolkitError('E_SQL', `${count} statements: one at a time`)
  if (await isSelect(connection, sql)) return sql.trim().replace(/(?:;\s*)+$/, '')
  const { analyze, inner } = /^\s*explain\s+(?<analyze>analyze\s+)?(?<inner>[\s\S]*)$/i.exec(sql)?.groups ?? {}
  // put together anew, without options in parentheses: a comment among them could hide another statement from a pattern
  if (inner !== undefined && await isSelect(connection, inner)) return `EXPLAIN ${analyze === undefined ? '' : 'ANALYZE '}${inner}`
  throw new ToolkitError('E_SQL_READ_ONLY', 'only statements that read are run', { hint: 'SELECT ..., FROM ..., WITH ..., DESCRIBE, SUMMARIZE and EXPLAIN of these are; --output writes the answer to a file' })
}

/** Whether DuckDB's parser finds SELECTs and nothing else: it turns those alone into JSON. Parsing binds nothing, so that no table function or EXPORT touches a file. */
async function isSelect(connection: DuckDBConnection, sql: string): Promise<boolean> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)', { sql })
  const parsed = JSON.parse(String(reader.getRowsJS()[0]![0])) as { error: boolean }
  if (parsed.error) return false
  checkFunctions(parsed)
  return true
}

function checkFunctions(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  const { type, function_name: name, function: called } = node as { type?: unknown; function_name?: unknown; function?: { function_name?: unknown } }
  const table = type === 'TABLE_FUNCTION' ? String(called?.function_name).toLowerCase() : null
  if (table !== null && !tableFunctions.test(table)) throw new ToolkitError('E_SQL_READ_ONLY', `${table}() is not one of the table functions that only read`)
  if (typeof name === 'string' && actingFunctions.has(name.toLowerCase())) throw new ToolkitError('E_SQL_READ_ONLY', `${name}() does not only read`)
  Object.values(node).forEach(checkFunctions)
}

/** DuckDB's message as it is: it names the place and the nearest column or table. */
export function sqlError(cause: unknown): ToolkitError {
  return new ToolkitError('E_SQL', (cause instanceof Error ? cause.message : String(cause)).replace(/^Failed to extract statements: /, '').trim(), { cause })
}
