import { isUtf8 } from 'node:buffer'
import { FormatError } from '../../readers/format-error.ts'
import type { TableRow, TableSpan } from './table-row.ts'
import type { OpenFile } from '../../large-file.ts'

/** How a file is written, and where its records after the header lie. */
type CsvHead = { readonly header: readonly string[]; readonly delimiter: string; readonly body: TableSpan }

/** What is read at once; no record is longer. */
const WINDOW = 2 ** 20
const delimiters = [',', ';', '\t']
const [QUOTE, NEWLINE, RETURN] = [0x22, 0x0a, 0x0d]

/** The header of a file of values parted by commas, semicolons or tabs, whichever makes most of it (RFC 4180, UTF-8). Throws FormatError: E_CSV_*. */
export function readCsvHead(file: OpenFile): CsvHead {
  const start = file.read(0, 3)
  if (start.length === 0) throw new FormatError('E_CSV_EMPTY', 'the file is empty (0 bytes)', 0)
  if ([0xfffe, 0xfeff].includes(start[0]! * 256 + start[1]!)) throw new FormatError('E_CSV_UTF8', 'the file is UTF-16', 0, { hint: 'save it again as UTF-8' })
  const at = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0
  const bytes = file.read(at, WINDOW)
  const tries = delimiters.map((delimiter) => tryHead(bytes, { delimiter, start: at, number: 1, isLast: at + bytes.length >= file.bytes }))
  const heads = tries.filter((head): head is Head => !(head instanceof FormatError))
  if (heads.length === 0) throw tries[0] as FormatError
  const { delimiter, row, lines } = heads.reduce((best, head) => (head.row.cells.length > best.row.cells.length ? head : best))
  return { header: row.cells.map((cell) => cell.trim()), delimiter, body: { start: row.end, end: file.bytes, number: 1 + lines } }
}

type Head = { readonly delimiter: string; readonly row: TableRow; readonly lines: number }

/** Quotes in a header may make it no record with one delimiter and a fine one with another. */
function tryHead(bytes: Buffer, window: Window): FormatError | Head {
  try {
    const { rows: [row], lines } = readRecords(bytes, window, 1)
    if (row !== undefined) return { delimiter: window.delimiter, row, lines }
    return new FormatError('E_CSV_EMPTY', 'the file has no header', window.start)
  } catch (error) {
    if (error instanceof FormatError) return error
    throw error
  }
}

/** The records of a span, many at a time; empty lines are none. Throws FormatError: E_CSV_QUOTE, E_CSV_UTF8. */
export function* csvRows(file: OpenFile, delimiter: string, span: TableSpan): Generator<TableRow[]> {
  let { start, number } = span
  while (start < span.end) {
    const bytes = file.read(start, Math.min(WINDOW, span.end - start))
    if (bytes.length === 0) return
    const isLast = start + bytes.length >= span.end || bytes.length < WINDOW
    const { rows, next, lines } = readRecords(bytes, { delimiter, start, number, isLast })
    if (next === 0) throw new FormatError('E_CSV_QUOTE', `line ${number} does not end within ${bytes.length} bytes: is a quote opened and not closed?`, start)
    if (rows.length > 0) yield rows
    start += next
    number += lines
  }
}

type Window = { readonly delimiter: string; readonly start: number; readonly number: number; readonly isLast: boolean }

/** The records that end in these bytes, and how many bytes and lines they take. */
function readRecords(bytes: Buffer, { delimiter, start, number, isLast }: Window, most = Infinity): { rows: TableRow[]; next: number; lines: number } {
  const rows: TableRow[] = []
  let [at, lines] = [0, 0]
  while (at < bytes.length && rows.length < most) {
    const newline = bytes.indexOf(NEWLINE, at)
    let next = newline === -1 ? bytes.length : newline + 1
    const quote = bytes.subarray(at, next).indexOf(QUOTE)
    if (quote !== -1) next = endOfQuoted(bytes, at, delimiter, `line ${number + lines}`, start)
    if (next === -1 || (next === bytes.length && bytes[next - 1] !== NEWLINE && !isLast)) break
    const record = bytes.subarray(at, textEnd(bytes, at, next))
    if (!isUtf8(record)) throw new FormatError('E_CSV_UTF8', `line ${number + lines} is no UTF-8`, start + at, { hint: 'save it again as UTF-8' })
    const text = record.toString('utf8')
    const cells = quote === -1 ? text.split(delimiter) : quotedCells(text, delimiter)
    if (text.trim() !== '') rows.push({ cells, number: number + lines, start: start + at, end: start + next })
    lines += quote === -1 ? Number(newline !== -1) : countLines(bytes.subarray(at, next))
    at = next
  }
  return { rows, next: at, lines }
}

/** Where the line break at the end of a record begins. */
function textEnd(bytes: Buffer, at: number, next: number): number {
  let end = next
  if (end > at && bytes[end - 1] === NEWLINE) end--
  if (end > at && bytes[end - 1] === RETURN) end--
  return end
}

/** The byte after a record with quotes in it: a quote opens at the start of a cell only; -1 = it does not end here. */
function endOfQuoted(bytes: Buffer, from: number, delimiter: string, line: string, start: number): number {
  const separator = delimiter.charCodeAt(0)
  for (let at = from, isCellStart = true; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE && isCellStart) {
      for (at++; ; at += 2) {
        at = bytes.indexOf(QUOTE, at)
        if (at === -1) return -1
        if (bytes[at + 1] !== QUOTE) break
      }
      const after = bytes[at + 1]
      if (after !== undefined && after !== separator && after !== NEWLINE && after !== RETURN) {
        const hint = 'a quote inside quotes is written twice'
        throw new FormatError('E_CSV_QUOTE', `${line}: something stands behind a closing quote`, start + at + 1, { hint })
      }
      isCellStart = false
    } else if (byte === NEWLINE) return at + 1
    else isCellStart = byte === separator
  }
  return bytes.length
}

function quotedCells(text: string, delimiter: string): string[] {
  const cells: string[] = []
  for (let at = 0; at <= text.length; at++) {
    let cell = ''
    if (text[at] === '"') {
      for (at++; ; at += 2) {
        const quote = text.indexOf('"', at)
        cell += text.slice(at, quote)
        at = quote
        if (text[at + 1] !== '"') break
        cell += '"'
      }
      at++
    } else {
      const end = text.indexOf(delimiter, at)
      cell = text.slice(at, end === -1 ? text.length : end)
      at = end === -1 ? text.length : end
    }
    cells.push(cell)
  }
  return cells
}

function countLines(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++
  return lines
}
