import duckdb from '@duckdb/node-bindings'
import { type Duck, identifier, literal } from './duckdb.ts'
import { streamChunks } from './read-parquet.ts'

/** A column of floats in lists of lists, so many deep. */
export type ListColumn = { readonly name: string; readonly depth: number }

/** Rows of a Parquet file in its order: of each column all floats of the row, one after the other; null = the row has no list. */
export async function readLists(duck: Duck, file: string, columns: readonly ListColumn[]): Promise<(Float32Array | null)[][]> {
  const flat = columns.map(({ name, depth }) => `${'flatten('.repeat(depth - 1)}${identifier(name)}${')'.repeat(depth - 1)}`)
  const rows: (Float32Array | null)[][] = []
  for await (const { chunk, size } of streamChunks(duck, `SELECT ${flat.join(', ')} FROM read_parquet(${literal(file)}, hive_partitioning = false)`)) {
    const lists = columns.map((_, column) => listsIn(duckdb.data_chunk_get_vector(chunk, column), size))
    for (let row = 0; row < size; row++) rows.push(lists.map((list) => list[row]!))
  }
  return rows
}

/** Copies the lists of a vector out. Each row of it is where its list begins and how long it is (two uint64). */
function listsIn(vector: duckdb.Vector, rows: number): (Float32Array | null)[] {
  const entries = new BigUint64Array(copyOf(duckdb.vector_get_data(vector, 16 * rows)))
  const validity = duckdb.vector_get_validity(vector, 8 * Math.ceil(rows / 64)) as Uint8Array | null
  const child = duckdb.list_vector_get_child(vector)
  const bytes = duckdb.vector_get_data(child, 4 * duckdb.list_vector_get_size(vector))
  return Array.from({ length: rows }, (_, row) => {
    if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) return null
    const [start, length] = [Number(entries[2 * row]), Number(entries[2 * row + 1])]
    return new Float32Array(copyOf(bytes.subarray(4 * start, 4 * (start + length))))
  })
}

/** A buffer's `slice` would be a view of DuckDB's memory. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
