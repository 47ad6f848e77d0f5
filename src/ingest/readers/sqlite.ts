import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import { ToolkitError } from '../../errors.ts'
import { checkSqliteHeader } from './sqlite-header.ts'

/** What a column holds; integers and floats are both numbers, and a NULL must be asked for. */
type Cells = { readonly number: number; readonly text: string; readonly 'number | null': number | null; readonly 'text | null': string | null }
type Columns = Readonly<Record<string, keyof Cells>>
type Cell = number | string | null

/** The tables wanted, and of each the columns: `{ videos: { id: 'number', video_name: 'text' } }`. */
export type TablesWanted = Readonly<Record<string, Columns>>
/** The rows of each table, an object per row: `tables.videos[0].video_name` is a string. */
export type TablesRead<Wanted extends TablesWanted> = {
  readonly [Table in keyof Wanted]: readonly { readonly [Column in keyof Wanted[Table]]: Cells[Wanted[Table][Column]] }[]
}

/** The most that one file may have, unless the caller says otherwise. */
const MAX_BYTES = 2 ** 30
const DAMAGED = 'download or extract it again; sqlite3 FILE "PRAGMA integrity_check" says more'

/**
 * Reads columns of tables of an SQLite 3 file, the rows in order of rowid, after a check of the whole file. It is read in a private copy, in a folder of its
 * own under `scratch`: the library makes a lock beside what it opens. Throws what `checkSqliteHeader` does, and ToolkitError E_SQLITE_OPEN, E_SQLITE_DAMAGED,
 * E_SQLITE_TABLE, E_SQLITE_COLUMN, E_SQLITE_VALUE.
 */
export function readSqlite<const Wanted extends TablesWanted>(file: string, wanted: Wanted,
  options: { scratch?: string; maxBytes?: number } = {}): TablesRead<Wanted> {
  const name = basename(file)
  const folder = mkdtempSync(join(options.scratch ?? tmpdir(), 'posetta-sqlite-'))
  const copy = join(folder, 'copy')
  try {
    checkSqliteHeader(file, name, options.maxBytes ?? MAX_BYTES)
    copyFileSync(file, copy)
    return readCopy(copy, name, wanted)
  } catch (cause) {
    if (cause instanceof sqlite.SQLite3Error) throw new ToolkitError('E_SQLITE_DAMAGED', `${name} cannot be read: ${cause.message}`, { hint: DAMAGED, cause })
    if (cause instanceof Error && 'syscall' in cause && 'code' in cause) {
      throw new ToolkitError('E_SQLITE_OPEN', `cannot read ${name}: ${String(cause.code)}`, { cause })
    }
    throw cause
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readCopy<Wanted extends TablesWanted>(copy: string, name: string, wanted: Wanted): TablesRead<Wanted> {
  const database = new sqlite.Database(copy, { readOnly: true, fileMustExist: true })
  try {
    database.exec('PRAGMA trusted_schema = OFF')
    const fault = strings(database, 'PRAGMA quick_check(1)', 'quick_check').join('; ')
    if (fault !== 'ok') throw new ToolkitError('E_SQLITE_DAMAGED', `${name} is damaged: ${fault.split('\n').at(-1)}`, { hint: DAMAGED })
    const tables: unknown = Object.fromEntries(Object.entries(wanted).map(([table, columns]) => [table, readTable(database, name, table, columns)]))
    return tables as TablesRead<Wanted>
  } finally {
    database.close()
  }
}

function readTable(database: sqlite.Database, name: string, table: string, columns: Columns): Record<string, Cell>[] {
  const tables = strings(database, 'SELECT name FROM sqlite_schema WHERE type = \'table\' ORDER BY rowid', 'name')
  if (!tables.includes(table)) throw missing('E_SQLITE_TABLE', `${name} has no table "${table}"`, tables)
  const present = strings(database, `PRAGMA table_info(${quoted(table)})`, 'name')
  const absent = Object.keys(columns).find((column) => !present.includes(column))
  if (absent !== undefined) throw missing('E_SQLITE_COLUMN', `the table "${table}" of ${name} has no column "${absent}"`, present)
  const selected = Object.keys(columns).map((column) => `, ${quoted(column)}`).join('')
  const rows = database.all(`SELECT rowid AS "rowid of it"${selected} FROM ${quoted(table)} ORDER BY rowid`) as Record<string, unknown>[]
  return rows.map((row) => Object.fromEntries(Object.entries(columns).map(([column, type]) => {
    const value = row[column]
    if (isCell(value, type)) return [column, value]
    const place = `row ${String(row['rowid of it'])} of "${table}" in ${name}`
    throw new ToolkitError('E_SQLITE_VALUE', `${place}: ${column} should be ${type}, it is ${described(value)}`)
  })))
}

function isCell(value: unknown, type: keyof Cells): value is Cell {
  if (value === null) return type.endsWith('null')
  return typeof value === (type.startsWith('number') ? 'number' : 'string')
}

function described(value: unknown): string {
  if (typeof value === 'bigint') return `${value}, which is beyond 2^53`
  return value instanceof Uint8Array ? `a blob of ${value.length} bytes` : JSON.stringify(value)
}

function strings(database: sqlite.Database, sql: string, column: string): string[] {
  return database.all(sql).map((row) => String(row[column]))
}

function missing(code: string, message: string, present: readonly string[]): ToolkitError {
  return new ToolkitError(code, message, { hint: `it has: ${present.join(', ') || '(none)'}` })
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
