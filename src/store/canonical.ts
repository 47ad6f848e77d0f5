import type { Column, ColumnType } from './schema.ts'

/** A value of a small table. */
export type Value = string | number | boolean | readonly string[] | null

/** The word that stands for null: a quiet NaN among floats, the least number among integers. */
export const NULL_FLOAT = 0x7fc00000
export const NULL_INTEGER = -(2 ** 31)
const NULL_TEXT = 0xffffffff
const NULL_DOUBLE_HIGH = 0x7ff80000

/** Bytes that grow: what logical hashes are taken of. Everything is little-endian. */
export type Encoding = {
  u32(value: number): void
  f64(value: number): void
  text(value: string | null): void
  bytes(): Uint8Array
}

/** Starts an encoding; it may be reused after `bytes()`, whose view is valid until then. */
export function startEncoding(): Encoding {
  let buffer = Buffer.alloc(4096)
  let at = 0
  function need(bytes: number): void {
    if (at + bytes > buffer.length) buffer = Buffer.concat([buffer], Math.max(2 * buffer.length, at + bytes))
  }
  return {
    u32(value) {
      need(4)
      at = buffer.writeUInt32LE(value >>> 0, at)
    },
    f64(value) {
      need(8)
      at = buffer.writeDoubleLE(value, at)
    },
    text(value) {
      const length = value === null ? 0 : Buffer.byteLength(value)
      need(4 + length)
      at = buffer.writeUInt32LE(value === null ? NULL_TEXT : length, at)
      if (value !== null) at += buffer.write(value, at)
    },
    bytes() {
      const view = buffer.subarray(0, at)
      at = 0
      return view
    },
  }
}

/**
 * Writes a small table: the number of rows, then column after column. Text is its length in bytes and UTF-8 (length 2^32 - 1 = null), a list of
 * text its length and each text; numbers and truth (0, 1) are doubles, NaN = null.
 */
export function encodeRows(encoding: Encoding, columns: readonly Column[], rows: readonly (readonly Value[])[]): void {
  encoding.u32(rows.length)
  columns.forEach(({ type }, column) => {
    for (const row of rows) encodeValue(encoding, type, row[column]!)
  })
}

function encodeValue(encoding: Encoding, type: ColumnType, value: Value): void {
  if (type === 'text') encoding.text(value as string | null)
  else if (type === 'texts') {
    const texts = value as readonly string[]
    encoding.u32(texts.length)
    for (const text of texts) encoding.text(text)
  } else if (value === null) {
    encoding.u32(0)
    encoding.u32(NULL_DOUBLE_HIGH)
  } else encoding.f64(Number(value))
}
