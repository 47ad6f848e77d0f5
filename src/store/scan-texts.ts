import duckdb from '@duckdb/node-bindings'
import type { Duck } from './duckdb.ts'
import { streamChunks } from './read-parquet.ts'
import { takeValues } from './vectors.ts'

/** The rows that a SELECT of texts alone answers, some thousands at a time, nulls null. Throws DuckDB's own errors. */
export async function* scanTexts(duck: Duck, sql: string): AsyncGenerator<(string | null)[][]> {
  for await (const { chunk, size } of streamChunks(duck, sql)) {
    const columns = Array.from({ length: duckdb.data_chunk_get_column_count(chunk) }, (_, at) =>
      takeValues(duckdb.data_chunk_get_vector(chunk, at), size, 'text') as (string | null)[])
    yield Array.from({ length: size }, (_, row) => columns.map((column) => column[row]!))
  }
}
