import sqlite from 'node-sqlite3-wasm'

/** A table: the statement that makes it, and its rows in the order of its columns. */
export type Table = { readonly name: string; readonly sql: string; readonly rows: readonly (readonly (string | number | null)[])[] }

/** Writes a new SQLite 3 file with these tables, in one transaction: the same bytes for the same tables and release of SQLite. The file must not exist. */
export function writeSqlite(file: string, tables: readonly Table[]): void {
  const database = new sqlite.Database(file)
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = OFF; BEGIN')
    for (const { sql } of tables) database.exec(sql)
    for (const { name, rows } of tables) fill(database, name, rows)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

function fill(database: sqlite.Database, name: string, rows: Table['rows']): void {
  if (rows.length === 0) return
  const statement = database.prepare(`INSERT INTO ${name} VALUES (${rows[0]!.map(() => '?').join(', ')})`)
  try {
    for (const row of rows) statement.run([...row])
  } finally {
    statement.finalize()
  }
}
