import type { DuckDBConnection } from '@duckdb/node-api'
import { resolve } from 'node:path'
import { identifier, literal } from '../store/duckdb.ts'
import { listValue } from './duckdb-api.ts'

/**
 * Lists of Parquet files, each kept once in a variable of the session: a store of 1,024 shards is named in a view by one word, however often the view scans it.
 * All files of a list have the same columns. A view binds to its files when it is made and anew whenever it is read: it is made over the first file of
 * each list, which takes a tenth of a second less where there are thousands.
 */
export class FileLists {
  readonly #lists = new Map<string, readonly string[]>()

  /** What the views are made over, before they are made. */
  async openFirst(connection: DuckDBConnection): Promise<void> {
    for (const [name, files] of this.#lists) await setList(connection, name, files.slice(0, 1))
  }

  /** What the views read, after they are made. */
  async openAll(connection: DuckDBConnection): Promise<void> {
    for (const [name, files] of this.#lists) await setList(connection, name, files)
  }

  /** The files as a table, or, without files, a table of those columns (`name TYPE, ...`) without rows. */
  scan(name: string, files: readonly string[], columns: string): string {
    if (files.length === 0) return emptyTable(columns)
    this.#lists.set(name, files)
    return `read_parquet(getvariable(${literal(name)}), hive_partitioning = false)`
  }
}

/** As a parameter: as a text of SQL, a thousand paths take three times as long. */
async function setList(connection: DuckDBConnection, name: string, files: readonly string[]): Promise<void> {
  await connection.run(`SET VARIABLE ${identifier(name)} = $files`, { files: listValue(files.map(asPattern)) })
}

/** A path as a literal that DuckDB's readers take as it is; brackets, stars and question marks in it are no patterns. */
export function pathLiteral(path: string): string {
  return literal(asPattern(path))
}

/** The pattern that fits a path and nothing else. */
export function asPattern(path: string): string {
  return resolve(path).replaceAll(/[[*?]/g, '[$&]')
}

/** `(SELECT NULL AS a, ... WHERE false)` for `a VARCHAR, ...`. */
export function emptyTable(columns: string): string {
  const cells = columns.split(', ').map((column) => {
    const space = column.lastIndexOf(' ')
    return `CAST(NULL AS ${column.slice(space + 1)}) AS ${column.slice(0, space)}`
  })
  return `(SELECT ${cells.join(', ')} WHERE false)`
}
