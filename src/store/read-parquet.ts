import duckdb from '@duckdb/node-bindings'
import type { Value } from './canonical.ts'
import { type Duck, identifier, literal } from './duckdb.ts'
import type { Column } from './schema.ts'
import { takeValues, TEXTS_SEPARATOR, viewWords } from './vectors.ts'

export type ParquetSource = { readonly files: readonly string[]; readonly where?: string }

/** The rows of a small table, in file order. */
export async function readRows(duck: Duck, source: ParquetSource, columns: readonly Column[]): Promise<Value[][]> {
  const rows: Value[][] = []
  for await (const { chunk, size } of scanChunks(duck, source, columns)) {
    const values = columns.map(({ type }, column) => takeValues(duckdb.data_chunk_get_vector(chunk, column), size, type))
    for (let row = 0; row < size; row++) rows.push(values.map((column) => column[row]!))
  }
  return rows
}

type WordChunk = { readonly rows: number; readonly words: readonly Uint32Array[] }

/** 4-byte columns in file order, chunk after chunk; `nulls[column]` is the word for null. The words must be copied before the next chunk. */
export async function* scanWords(duck: Duck, source: ParquetSource, columns: readonly Column[], nulls: readonly number[]): AsyncGenerator<WordChunk> {
  for await (const { chunk, size } of scanChunks(duck, source, columns)) {
    yield { rows: size, words: columns.map((_, column) => viewWords(duckdb.data_chunk_get_vector(chunk, column), size, nulls[column]!)) }
  }
}

/** DuckDB keeps the order of files and rows, with any number of threads, as long as `where` is a plain filter: `IN (many)` becomes a join. */
async function* scanChunks(duck: Duck, { files, where }: ParquetSource, columns: readonly Column[]): AsyncGenerator<Chunk> {
  if (files.length === 0) return
  const from = `read_parquet([${files.map(literal).join(', ')}], hive_partitioning = false)`
  yield* streamChunks(duck, `SELECT ${columns.map(selected).join(', ')} FROM ${from} WHERE ${where ?? 'true'}`)
}

export type Chunk = { readonly chunk: duckdb.DataChunk; readonly size: number }

/**
 * The chunks that a statement answers with; each is gone when the next one is asked for. The next statement on a connection ends the stream that is open there
 * as if there were no more rows, so every stream has a connection of its own.
 */
export async function* streamChunks(duck: Duck, sql: string): AsyncGenerator<Chunk> {
  const own = await duck.connect()
  try {
    const result = await duckdb.execute_prepared_streaming(await duckdb.prepare(own.connection, sql))
    for (;;) {
      const chunk = await duckdb.fetch_chunk(result)
      const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk)
      if (chunk === null || size === 0) return
      yield { chunk, size }
    }
  } finally {
    own.close()
  }
}

function selected({ name, type, step }: Column): string {
  if (step !== undefined) return `CAST(${identifier(name)} AS FLOAT) * CAST(${step} AS FLOAT)`
  return type === 'texts' ? `array_to_string(${identifier(name)}, chr(${TEXTS_SEPARATOR.charCodeAt(0)}))` : identifier(name)
}
