import type { SourceRef } from '../clip.ts'
import { withFile } from './large-file.ts'
import { matSpans } from './readers/mat.ts'
import type { RawFolder } from './raw-folder.ts'

/** Bytes [start, end) of a raw file, and what they are. */
export type ByteRange = { readonly what: string; readonly start: number; readonly end: number }

/** A place that names rows of a text file, the header included: `line 17`, `row 17`, `rows 3 to 9`. */
const rows = /^(?:line|rows?) (?<first>\d+)(?: to (?<last>\d+))?$/
const record = /^record (?<number>\d+) at byte (?<start>\d+)$/

/**
 * Which bytes of a raw file a clip was read from, as far as its place says: the variables of a MAT file, lines of a text file, a TFRecord, else the whole file.
 * null = the place is inside of what has no fixed bytes (a row of a database, an entry of a pickle or of JSON). Throws what reading the file throws.
 */
export function byteRanges(raw: RawFolder, { path, bytes, place }: Pick<SourceRef, 'path' | 'bytes' | 'place'>): ByteRange[] | null {
  if (place === null && path.endsWith('.mat')) return matSpans(raw.read(path).bytes).map(({ name, ...span }) => ({ what: `variable ${name}`, ...span }))
  if (place === null) return [{ what: 'whole file', start: 0, end: bytes }]
  const [lines, found] = [rows.exec(place)?.groups, record.exec(place)?.groups]
  if (found !== undefined) return [recordRange(raw, path, Number(found['start']))]
  if (lines === undefined || !/\.(?:txt|csv|tsv)$/i.test(path)) return null
  return [lineRange(raw, path, Number(lines['first']), Number(lines['last'] ?? lines['first']))]
}

/** A TFRecord: a head of 12 bytes that begins with the length, the payload, a checksum of 4. */
function recordRange(raw: RawFolder, path: string, start: number): ByteRange {
  const length = withFile(raw, path, (file) => Number(file.read(start, 8).readBigUInt64LE(0)))
  return { what: 'record', start, end: start + 12 + length + 4 }
}

const WINDOW = 2 ** 20

/** The lines `first` to `last` of a file, counted from 1, the last one's line break included. */
function lineRange(raw: RawFolder, path: string, first: number, last: number): ByteRange {
  return withFile(raw, path, (file) => {
    let [line, start] = [1, first === 1 ? 0 : file.bytes]
    for (let from = 0; from < file.bytes; from += WINDOW) {
      const bytes = file.read(from, WINDOW)
      for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
        line++
        if (line === first) start = from + at + 1
        if (line === last + 1) return { what: first === last ? 'line' : 'lines', start, end: from + at + 1 }
      }
    }
    return { what: first === last ? 'line' : 'lines', start, end: file.bytes }
  })
}
