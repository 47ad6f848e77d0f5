import duckdb from '@duckdb/node-bindings'
import { type Duck, identifier, literal } from './duckdb.ts'
import { columnType, fillColumn, type NestedData } from './nested-vectors.ts'
import type { Column } from './schema.ts'
import { type ColumnData, TEXTS_SEPARATOR } from './vectors.ts'

export type Table = {
  readonly columns: readonly (Column | { readonly name: string; readonly type: 'nested' })[]
  readonly data: readonly (ColumnData | NestedData)[]
  readonly rows: number
  readonly metadata: Readonly<Record<string, string>>
}

export type WriteParquet = (file: string, table: Table) => Promise<void>

/** Part of every file's name: raise it when the bytes of the same rows change. */
export const LAYOUT = 'layout 2'

const OPTIONS = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10240, DICTIONARY_SIZE_LIMIT 256'

/**
 * Makes `write(file, table)`: one COPY per file, zstd, row groups of 10,240 rows, dictionaries up to 256 values. A table function hands DuckDB
 * our chunks of 2,048 rows, in our order and by one thread, so that the bytes depend on the rows alone; staging them in a table first costs
 * another 0.3 s of CPU for Penn Action, an ORDER BY 0.1 s. It writes as many files at once as there are connections, all of one database.
 */
export function parquetWriter(duck: Duck, others: readonly Duck[] = []): WriteParquet {
  const handedOver: Table[] = []
  const name = handOver(duck, handedOver, duckdb.vector_size())
  const borrow = lender([duck, ...others])
  return async (file, table) => {
    const place = handedOver.push(table) - 1
    const metadata = Object.entries(table.metadata).map(([key, value]) => `${identifier(key)}: ${literal(value)}`)
    const rows = `SELECT ${selection(table.columns)} FROM ${name}(${place})`
    await borrow((lent) => lent.run(`COPY (${rows}) TO ${literal(file)} (${OPTIONS}, KV_METADATA {${metadata.join(', ')}})`))
    delete handedOver[place]
  }
}

/** Lends each connection to one at a time; the others wait here, not in the threads that Node has for files. */
function lender(free: Duck[]): (use: (duck: Duck) => Promise<void>) => Promise<void> {
  const queue: (() => void)[] = []
  return async (use) => {
    while (free.length === 0) await new Promise<void>((resolve) => queue.push(resolve))
    const duck = free.pop()!
    try {
      await use(duck)
    } finally {
      free.push(duck)
      queue.shift()?.()
    }
  }
}

/** Lists of text are joined in vectors and taken apart here. */
function selection(columns: Table['columns']): string {
  const separator = `chr(${TEXTS_SEPARATOR.charCodeAt(0)})`
  return columns.map((one) => {
    const { name, type } = one
    const column = identifier(name)
    if ('step' in one && one.step !== undefined) return `CAST(${column} / CAST(${one.step} AS FLOAT) AS SMALLINT) AS ${column}`
    return type === 'texts' ? `CASE WHEN ${column} = '' THEN []::VARCHAR[] ELSE string_split(${column}, ${separator}) END AS ${column}` : column
  }).join(', ')
}

type Scan = { readonly table: Table; row: number }

/** Registers the table function that gives out `waiting[place]`; its calls come from DuckDB's thread to ours, whenever the event loop turns. */
function handOver(duck: Duck, waiting: readonly Table[], chunkRows: number): string {
  const scan = duckdb.create_table_function()
  duckdb.table_function_set_name(scan, 'handed_over')
  duckdb.table_function_add_parameter(scan, duckdb.create_logical_type(duckdb.Type.INTEGER))
  duckdb.table_function_set_bind(scan, (info) => {
    const table = waiting[duckdb.get_int32(duckdb.bind_get_parameter(info, 0))]!
    duckdb.bind_set_bind_data(info, { table, row: 0 } satisfies Scan)
    table.columns.forEach(({ name }, column) => duckdb.bind_add_result_column(info, name, columnType(table.data[column]!)))
    duckdb.bind_set_cardinality(info, table.rows, true)
  })
  duckdb.table_function_set_init(scan, (info) => duckdb.init_set_max_threads(info, 1))
  duckdb.table_function_set_function(scan, (info, chunk) => {
    const state = duckdb.function_get_bind_data(info) as Scan
    const rows = Math.min(chunkRows, state.table.rows - state.row)
    duckdb.data_chunk_set_size(chunk, rows)
    if (rows > 0) state.table.data.forEach((data, column) => fillColumn(duckdb.data_chunk_get_vector(chunk, column), data, state.row, rows))
    state.row += rows
  })
  duckdb.register_table_function(duck.connection, scan)
  return 'handed_over'
}
