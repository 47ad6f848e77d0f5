import type { DuckDBConnection } from '@duckdb/node-api'
import { isDeepStrictEqual } from 'node:util'
import { nearestName, ToolkitError } from '../errors.ts'
import { checkJoints } from './check-joints.ts'
import { withoutTexts } from './fill-values.ts'
import { macroNames } from './macros.ts'
import { placeText, sqlError } from './sql-error.ts'

/** Table functions that only read. What is not here may act although a SELECT calls it: enable_logging writes a file, query() hides another statement. */
const tableFunctions = /^(?:range|generate_series|unnest|repeat|glob|summary|histogram|histogram_values|json_each|json_tree|sniff_csv|parquet_\w+|read_(?:parquet|csv|csv_auto|text|blob|json\w*|ndjson\w*)|duckdb_(?:columns|tables|views|functions|types|settings|keywords)|pragma_(?:table_info|version))$/
/** json_serialize_plan() binds the statement in its text, whatever that is. */
const actingFunctions: ReadonlySet<string> = new Set(['write_log', 'nextval', 'setseed', 'json_serialize_plan'])

/**
 * The text of the one statement in `sql`, checked by DuckDB's own parser to be a SELECT (SHOW, DESCRIBE, SUMMARIZE, FROM, VALUES and WITH are) or an EXPLAIN of one.
 * Throws E_SQL for what does not parse, E_JOINT_UNKNOWN for joints that no data set has, and E_SQL_READ_ONLY for any other kind of statement or function: it is neither
 * run nor prepared. Places in the answer are places in `sql`.
 */
export async function checkReadOnly(connection: DuckDBConnection, sql: string): Promise<string> {
  const whole = await parsedSelect(connection, sql)
  if (whole?.parsed.statements.length === 0) throw new ToolkitError('E_SQL', 'the query is empty', { hint: 'for example: select * from clips limit 5' })
  const { count } = await connection.extractStatements(sql).catch((cause: unknown) => Promise.reject(sqlError(cause, sql)))
  if (count !== 1) throw severalStatements(sql, count)
  // nothing but blanks between the words: a comment among options in parentheses could hide another statement from a pattern
  const { inner } = /^\s*explain\s+(?:analyze\s+)?(?<inner>[\s\S]*)$/i.exec(sql)?.groups ?? {}
  const select = whole ?? (inner === undefined ? null : await parsedSelect(connection, inner))
  if (select === null) {
    throw new ToolkitError('E_SQL_READ_ONLY', 'only statements that read are run', { hint: 'SELECT ..., FROM ..., WITH ..., DESCRIBE, SUMMARIZE and EXPLAIN of these are; --output writes the answer to a file' })
  }
  const place = (location: number): string => placeText(select.text, location)
  checkFunctions(select.parsed, place)
  await checkJoints(connection, select.parsed, place)
  return whole === null ? sql : withoutEnd(connection, sql, whole.parsed)
}

/** A SELECT without the semicolon that ends it and what follows, so that it can stand within another statement. Where texts and comments end, only the parser knows. */
async function withoutEnd(connection: DuckDBConnection, sql: string, parsed: Parsed): Promise<string> {
  for (const { index } of sql.matchAll(/;/g)) {
    const select = await parsedSelect(connection, sql.slice(0, index))
    if (isDeepStrictEqual(select?.parsed, parsed)) return select!.text
  }
  return sql
}

/** A PIVOT that does not name its values is several statements to DuckDB, of which the first make a type of the values it finds. */
function severalStatements(sql: string, count: number): ToolkitError {
  const words = withoutTexts(sql)
  if (!/\bpivot/i.test(words) || /;\s*\S/.test(words)) return new ToolkitError('E_SQL', `${count} statements: one at a time`)
  return new ToolkitError('E_SQL', 'PIVOT does not name its values', { hint: "it becomes columns of those alone: PIVOT clips ON action IN ('bowl', 'squat') USING count(*)" })
}

type Parsed = { readonly error: boolean; readonly statements: readonly unknown[] }

/** What DuckDB's parser makes of SELECTs; null for everything else: it turns those alone into JSON. Parsing binds nothing, so that no table function or EXPORT touches a file. */
async function parsedSelect(connection: DuckDBConnection, text: string): Promise<{ text: string; parsed: Parsed } | null> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($sql::VARCHAR)', { sql: text })
  const parsed = JSON.parse(String(reader.getRowsJS()[0]![0])) as Parsed
  return parsed.error ? null : { text, parsed }
}

function checkFunctions(node: unknown, place: (location: number) => string): void {
  if (typeof node !== 'object' || node === null) return
  const { type, function_name: name, function: called, query_location: location } = node as { type?: unknown; function_name?: unknown; function?: { function_name?: unknown }; query_location?: number }
  const table = type === 'TABLE_FUNCTION' ? String(called?.function_name).toLowerCase() : null
  if (table !== null && !tableFunctions.test(table) && !macroNames.includes(table)) {
    const near = nearestName(table, macroNames)
    throw new ToolkitError('E_SQL_READ_ONLY', `${table}() is not one of the table functions that only read${place(location!)}`, { hint: `${near === null ? '' : `did you mean "${near}"? `}Ours are: ${macroNames.join(', ')}` })
  }
  if (typeof name === 'string' && actingFunctions.has(name.toLowerCase())) throw new ToolkitError('E_SQL_READ_ONLY', `${name}() does not only read${place(location!)}`)
  for (const inner of Object.values(node)) checkFunctions(inner, place)
}
