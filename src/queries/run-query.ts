import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { literal } from '../store/duckdb.ts'
import { fillValues } from './fill-values.ts'
import { type JsonValue, jsonValue } from './json-value.ts'
import { memoryError } from './memory-error.ts'
import { checkReadOnly } from './read-only.ts'
import { type QueryPlace, withSession } from './session.ts'
import { sqlError } from './sql-error.ts'
import { trustScans } from './trusted-scan.ts'
import { type QueryLimits, withinLimits } from './within-limits.ts'

export type Row = readonly JsonValue[]
export type Answer = { readonly columns: readonly string[]; readonly rows: readonly Row[]; readonly truncated: boolean }
/** An answer under way: some 2,048 rows at a time, each read when it is asked for. */
export type RowStream = { readonly columns: readonly string[]; readonly batches: AsyncIterable<readonly Row[]> }

export type QueryOptions = QueryLimits & {
  /** What stands for `$name` in the query. */
  readonly values?: Readonly<Record<string, string>>
}

/**
 * Answers one read-only statement over a store and its runs; `limit` rows at most, and `truncated` says that there were more. Throws E_SQL, E_SQL_READ_ONLY, E_SQL_VALUE,
 * E_SQL_MEMORY, E_SQL_TIME, E_JOINT_UNKNOWN and what `trustScans` throws.
 */
export async function runQuery(place: QueryPlace, sql: string, { limit = Infinity, ...options }: QueryOptions & { limit?: number } = {}): Promise<Answer> {
  return withSession(place, (connection) => streamRows(connection, sql, options, ({ columns, batches }) => firstRows(columns, batches, limit)))
}

/** The same on a connection that is open, row by row: however large the answer is, no more of it is in memory than `use` keeps. */
export async function streamRows<T>(connection: DuckDBConnection, sql: string, { values = {}, ...limits }: QueryOptions, use: (stream: RowStream) => Promise<T>): Promise<T> {
  const checked = await checkReadOnly(connection, fillValues(sql, values))
  return withinLimits(connection, limits, async () => {
    await trustScans(connection, checked)
    try {
      const result = await connection.stream(checked)
      return await use({ columns: result.deduplicatedColumnNames(), batches: jsonRows(result.yieldRows()) })
    } catch (error) {
      throw failureOf(error, checked)
    }
  })
}

/** Answers a statement into a Parquet file, whole or not at all; how many rows it wrote. */
export async function queryToParquet(place: QueryPlace & { readonly outputFile: string }, sql: string, { values = {}, limit = Infinity, ...limits }: QueryOptions & { limit?: number } = {}): Promise<number> {
  const [before, after] = limit === Infinity ? ['COPY (\n', '\n)'] : ['COPY (FROM (\n', `\n) LIMIT ${limit})`]
  const partial = resolve(`${place.outputFile}.partial`)
  return withSession({ ...place, outputFile: partial }, async (connection) => {
    const checked = await checkReadOnly(connection, fillValues(sql, values))
    return withinLimits(connection, limits, async () => {
      await trustScans(connection, checked)
      try {
        const written = await connection.run(`${before}${checked}${after} TO ${literal(partial)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`)
        renameSync(partial, place.outputFile)
        return written.rowsChanged
      } catch (error) {
        throw failureOf(error, checked, before)
      } finally {
        rmSync(partial, { force: true })
      }
    })
  })
}

/** An answer's first rows, and whether there were more. */
export async function firstRows(columns: readonly string[], batches: AsyncIterable<readonly Row[]>, limit: number): Promise<Answer> {
  const rows: Row[] = []
  for await (const batch of batches) {
    for (const row of batch) {
      if (rows.length === limit) return { columns, rows, truncated: true }
      rows.push(row)
    }
  }
  return { columns, rows, truncated: false }
}

async function* jsonRows(batches: AsyncIterable<readonly (readonly DuckDBValue[])[]>): AsyncGenerator<Row[]> {
  for await (const rows of batches) yield rows.map((row) => row.map(jsonValue))
}

/** What went wrong, for people: refusals of ours as they are, DuckDB's with the place. */
function failureOf(error: unknown, sql: string, before = ''): Error {
  if (error instanceof ToolkitError) return error
  if (error instanceof Error && 'syscall' in error) return error
  return memoryError(error) ?? sqlError(error, sql, before)
}
