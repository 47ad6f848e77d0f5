import { FormatError } from './format-error.ts'

/** Types of data elements of MAT-File Format level 5, table 1-1. */
export const MI = { INT8: 1, UINT8: 2, INT16: 3, UINT16: 4, INT32: 5, UINT32: 6, SINGLE: 7, DOUBLE: 9, INT64: 12, UINT64: 13, MATRIX: 14, COMPRESSED: 15,
  UTF8: 16, UTF16: 17, UTF32: 18 } as const

/** A data element: its type and where its data lies in `bytes`; `next` is where the element after it begins. */
export type Element = { readonly type: number; readonly start: number; readonly length: number; readonly next: number }

/** Bytes being parsed: the file itself, or what was inflated from its element at `origin`. */
export type Source = { readonly bytes: Buffer; readonly origin: number; readonly inflated: boolean }

/** Bytes that may still be made out of the file. */
export type Budget = { left: number }

/** The byte of the file to name when something at `at` is wrong. */
export function fileOffset(source: Source, at: number): number {
  return source.inflated ? source.origin : at
}

/**
 * The element at `at`, which must end by `end`: an 8-byte tag (type, length) and data padded to 8, or, when the upper half of the type is not 0,
 * a small one of 4 bytes tag and at most 4 bytes data. `what` names it in errors.
 */
export function readElement(source: Source, at: number, end: number, what: string): Element {
  const { bytes } = source
  if (at + 8 > end) throw tooShort(source, at, what, 8, end - at)
  const word = bytes.readUInt32LE(at)
  const small = word >>> 16
  if (small !== 0) {
    if (small > 4) {
      throw new FormatError('E_MAT_ELEMENT', `${what}: a small element of ${small} bytes at ${where(source, at)}; 4 is the most`, fileOffset(source, at))
    }
    return { type: word & 0xffff, start: at + 4, length: small, next: at + 8 }
  }
  const length = bytes.readUInt32LE(at + 4)
  const start = at + 8
  if (length > end - start) throw tooShort(source, at, what, length, end - start)
  const padded = word === MI.COMPRESSED ? length : Math.ceil(length / 8) * 8
  return { type: word, start, length, next: Math.min(start + padded, end) }
}

/** `byte 128`, or where in the inflated data of the element at byte 128. */
export function where(source: Source, at: number): string {
  return source.inflated ? `byte ${at} of the data inflated from byte ${source.origin}` : `byte ${at}`
}

function tooShort(source: Source, at: number, what: string, needed: number, left: number): FormatError {
  return new FormatError('E_MAT_SHORT', `${what} at ${where(source, at)} needs ${needed} bytes, ${left} are left`, fileOffset(source, at))
}
