import { isUtf8 } from 'node:buffer'
import { FormatError } from './format-error.ts'
import { readPythonJson } from './python-json.ts'

/** Deeper than any format we know nests; what follows a value may recurse. */
const MAX_DEPTH = 200
/** The most that one file may have, unless the caller says otherwise. */
const MAX_BYTES = 2 ** 28

/**
 * Reads a JSON file in UTF-8, with or without a byte order mark; NaN, Infinity and -Infinity, as Python writes them, are read as the numbers they name.
 * Throws FormatError: E_JSON_LARGE, E_JSON_UTF8, E_JSON_DEPTH, E_JSON_SYNTAX.
 */
export function parseJson(bytes: Uint8Array, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): unknown {
  if (bytes.length === 0) throw new FormatError('E_JSON_SYNTAX', 'the file is empty (0 bytes)', 0)
  if (bytes.length > maxBytes) throw new FormatError('E_JSON_LARGE', `the file has ${bytes.length} bytes, ${maxBytes} are allowed`, 0)
  checkUtf8(bytes)
  checkDepth(bytes)
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', mark)
  try {
    return JSON.parse(text)
  } catch {
    // no version of Node says where exactly; and it may be Python's
    return readPythonJson(text, mark)
  }
}

function checkUtf8(bytes: Uint8Array): void {
  if (isUtf8(bytes)) return
  let at = 0
  for (let length = 0; ; at += length) {
    length = charLength(bytes[at]!)
    if (at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) break
  }
  throw new FormatError('E_JSON_UTF8', `byte ${at} is no UTF-8: 0x${bytes[at]!.toString(16).padStart(2, '0')}`, at, { hint: 'save it again as UTF-8' })
}

/** By its first byte, be it right or wrong. */
function charLength(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

function checkDepth(bytes: Uint8Array): void {
  let depth = 0
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === BRACKET || byte === BRACE) depth++
    else if (byte === BRACKET_END || byte === BRACE_END) depth--
    if (depth > MAX_DEPTH) throw new FormatError('E_JSON_DEPTH', `nested more than ${MAX_DEPTH} deep at byte ${at}`, at)
  }
}

const [QUOTE, BACKSLASH, BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]
