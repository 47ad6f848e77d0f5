import type { DuckDBConnection } from '@duckdb/node-api'
import { renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkReadOnly } from './read-only.ts'
import { type QueryPlace, withSession } from './session.ts'
import { sqlError } from './sql-error.ts'
import { trustScans } from './trusted-scan.ts'

/** A value as JSON has it: integers up to 2^53 are numbers, larger ones text, NaN and infinities null. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export type Answer = { readonly columns: readonly string[]; readonly rows: readonly (readonly JsonValue[])[]; readonly truncated: boolean }

/** Answers one read-only statement over a store and its runs; `limit` rows at most, and `truncated` says that there were more. Throws E_SQL, E_SQL_READ_ONLY and what `trustScans` throws. */
export async function runQuery(place: QueryPlace, sql: string, { limit = Infinity }: { limit?: number } = {}): Promise<Answer> {
  return withSession(place, async (connection) => answer(connection, await checkReadOnly(connection, sql), limit))
}

/** Answers a statement into a Parquet file, whole or not at all; how many rows it wrote. */
export async function queryToParquet(place: QueryPlace & { readonly outputFile: string }, sql: string): Promise<number> {
  const partial = resolve(`${place.outputFile}.partial`)
  return withSession({ ...place, outputFile: partial }, async (connection) => {
    const checked = await checkReadOnly(connection, sql)
    await trustScans(connection, checked)
    try {
      const written = await connection.run(`COPY (\n${checked}\n) TO '${partial.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`)
      renameSync(partial, place.outputFile)
      return written.rowsChanged
    } catch (error) {
      throw sqlError(error, checked, 'COPY (\n')
    } finally {
      rmSync(partial, { force: true })
    }
  })
}

async function answer(connection: DuckDBConnection, sql: string, limit: number): Promise<Answer> {
  await trustScans(connection, sql)
  try {
    const reader = await connection.streamAndReadUntil(sql, limit === Infinity ? Number.MAX_SAFE_INTEGER : limit + 1)
    const rows = reader.getRowsJS()
    return { columns: reader.deduplicatedColumnNames(), rows: rows.slice(0, limit).map((row) => row.map(jsonValue)), truncated: rows.length > limit }
  } catch (error) {
    throw sqlError(error, sql)
  }
}

function jsonValue(value: unknown): JsonValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(jsonValue)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonValue(inner)]))
}
