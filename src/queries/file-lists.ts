import { resolve } from 'node:path'
import { identifier, literal } from '../store/duckdb.ts'

/**
 * Lists of Parquet files, each kept once in a variable of the session: a store of 1,024 shards is named in a view by one word, however often the view scans it.
 * All files of a list have the same columns; DuckDB opens the first when a view is made, the others when they are read.
 */
export class FileLists {
  readonly #lists: string[] = []

  /** What makes the variables; it goes before the views. */
  get statements(): readonly string[] {
    return this.#lists
  }

  /** The files as a table, or, without files, a table of those columns (`name TYPE, ...`) without rows. */
  scan(name: string, files: readonly string[], columns: string): string {
    if (files.length === 0) return emptyTable(columns)
    this.#lists.push(`SET VARIABLE ${identifier(name)} = [${files.map(pathLiteral).join(', ')}]`)
    return `read_parquet(getvariable(${literal(name)}), hive_partitioning = false)`
  }
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
