import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError } from '../errors.ts'

/** hash() may change with DuckDB's version; the clock's names are words of the grammar too, which the parser takes for columns. */
const alsoChanging = ['hash', 'current_timestamp', 'current_date', 'current_time', 'localtime', 'localtimestamp']

/** Refuses the query of a split whose answer may differ the next time: chance, samples, the clock, hash(). DuckDB says which functions those are. Throws E_SPLIT_CHANCE. */
export async function checkRepeatable(connection: DuckDBConnection, sql: string, name: string): Promise<void> {
  const reader = await connection.runAndReadAll(
    `SELECT json_serialize_sql($sql::VARCHAR), list(DISTINCT function_name ORDER BY function_name) FROM duckdb_functions() WHERE stability <> 'CONSISTENT'`, { sql })
  const [parsed, changing] = reader.getRowsJS()[0] as [string, string[]]
  const found = changingPart(JSON.parse(parsed), new Set([...changing, ...alsoChanging]))
  if (found === null) return
  throw new ToolkitError('E_SPLIT_CHANCE', `split "${name}" uses ${found}: the same query would not give the same split again`, {
    hint: 'choose by sha256() of group_id and $seed, or list the clips' })
}

/** A function that changes, or a sample, anywhere in what the parser found. */
function changingPart(node: unknown, changing: ReadonlySet<string>): string | null {
  if (typeof node !== 'object' || node === null) return null
  const { function_name: called, column_names: columns, sample } = node as { function_name?: unknown; column_names?: unknown; sample?: unknown }
  if (sample !== null && sample !== undefined) return 'a sample'
  const name = typeof called === 'string' ? called : Array.isArray(columns) && columns.length === 1 ? String(columns[0]) : ''
  if (changing.has(name.toLowerCase()) && (typeof called === 'string' || alsoChanging.includes(name.toLowerCase()))) return `${name}${typeof called === 'string' ? '()' : ''}`
  for (const inner of Object.values(node)) {
    const found = changingPart(inner, changing)
    if (found !== null) return found
  }
  return null
}
