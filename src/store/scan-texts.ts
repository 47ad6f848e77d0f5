import duckdb from '@duckdb/node-bindings'
import type { Duck } from './duckdb.ts'
import { takeValues } from './vectors.ts'

/** The rows that a SELECT of texts alone answers, some thousands at a time, nulls null. Throws DuckDB's own errors. */
export async function* scanTexts(duck: Duck, sql: string): AsyncGenerator<(string | null)[][]> {
  const result = await duckdb.execute_prepared_streaming(await duckdb.prepare(duck.connection, sql))
  for (;;) {
    const chunk = await duckdb.fetch_chunk(result)
    const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk)
    if (chunk === null || size === 0) return
    const columns = Array.from({ length: duckdb.data_chunk_get_column_count(chunk) }, (_, at) =>
      takeValues(duckdb.data_chunk_get_vector(chunk, at), size, 'text') as (string | null)[])
    yield Array.from({ length: size }, (_, row) => columns.map((column) => column[row]!))
  }
}
