import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { ToolkitError } from '../../errors.ts'
import { FormatError } from './format-error.ts'

const MAGIC = 'SQLite format 3\0'
const LENGTH = 100

/**
 * Checks what the first 100 bytes of an SQLite 3 file say, and that no change of it is under way. `name` is what errors call it.
 * Throws FormatError E_SQLITE_NOT_SQLITE, E_SQLITE_CUT, E_SQLITE_WAL; ToolkitError E_SQLITE_LARGE, E_SQLITE_JOURNAL.
 * The format: https://www.sqlite.org/fileformat.html
 */
export function checkSqliteHeader(file: string, name: string, maxBytes: number): void {
  const { header, size } = readHeader(file)
  if (size === 0) throw new FormatError('E_SQLITE_NOT_SQLITE', `${name} is empty (0 bytes)`, 0)
  const magic = header.toString('latin1', 0, MAGIC.length)
  if (magic !== MAGIC) throw new FormatError('E_SQLITE_NOT_SQLITE', `${name} is no SQLite 3 file: it begins with ${JSON.stringify(magic)}`, 0)
  const needed = header.length < LENGTH ? LENGTH : bytesOfPages(header)
  if (size < needed) {
    throw new FormatError('E_SQLITE_CUT', `${name} is cut off: its header counts ${needed} bytes, the file has ${size}`, size,
      { hint: 'download or extract it again' })
  }
  if (size > maxBytes) throw new ToolkitError('E_SQLITE_LARGE', `${name} has ${size} bytes, ${maxBytes} are allowed`)
  const hint = `close what writes it; then, in a copy of the folder: sqlite3 ${name} "PRAGMA journal_mode = DELETE"`
  if (header[18] === 2 || header[19] === 2) throw new FormatError('E_SQLITE_WAL', `${name} keeps changes in a write-ahead log, which is not read`, 18, { hint })
  const journal = statSync(`${file}-journal`, { throwIfNoEntry: false })
  if (journal === undefined || journal.size === 0) return
  throw new ToolkitError('E_SQLITE_JOURNAL', `${name} has an unfinished change in ${name}-journal beside it`, { hint })
}

function readHeader(file: string): { header: Buffer; size: number } {
  const descriptor = openSync(file, 'r')
  try {
    const header = Buffer.alloc(LENGTH)
    return { header: header.subarray(0, readSync(descriptor, header, 0, LENGTH, 0)), size: fstatSync(descriptor).size }
  } finally {
    closeSync(descriptor)
  }
}

/** Pages times their size (1 stands for 65,536); old writers leave the count as it was, which shows by the two counters of changes. */
function bytesOfPages(header: Buffer): number {
  if (header.readUInt32BE(24) !== header.readUInt32BE(92)) return LENGTH
  const pageBytes = header.readUInt16BE(16)
  return header.readUInt32BE(28) * (pageBytes === 1 ? 65536 : pageBytes)
}
