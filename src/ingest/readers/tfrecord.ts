import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { maskedCrc32c } from './crc32c.ts'
import { FormatError } from './format-error.ts'

/** What one record holds, and the byte of the file at which the record, not its payload, begins. */
export type TfRecord = { readonly offset: number; readonly payload: Uint8Array }

/** The most that one record may hold, unless the caller says otherwise. */
const MAX_BYTES = 2 ** 30
/** Length as uint64 and the checksum of it, before the payload; the checksum of the payload after it. */
const HEAD = 12
const TAIL = 4

type Options = { readonly maxBytes?: number }
/** Bytes that lie somewhere: `read` answers fewer than asked for where they end. */
type Source = { readonly size: number; read(at: number, length: number): Uint8Array }

/**
 * The records of an uncompressed TFRecord file, in order, their payloads views of `bytes`: TensorFlow, tensorflow/core/lib/io/record_writer.h.
 * An empty file has none. Throws FormatError: E_TFRECORD_CRC, E_TFRECORD_CUT, E_TFRECORD_LARGE.
 */
export function readTfRecords(bytes: Uint8Array, options: Options = {}): Generator<TfRecord> {
  return records({ size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) }, options)
}

/** The same of a file on disk, one record in memory at a time; the file is open until the generator ends or is left. */
export function* walkTfRecords(file: string, options: Options = {}): Generator<TfRecord> {
  const descriptor = openSync(file, 'r')
  try {
    yield* records({ size: fstatSync(descriptor).size, read: (at, length) => readAt(descriptor, at, length) }, options)
  } finally {
    closeSync(descriptor)
  }
}

function* records(source: Source, { maxBytes = MAX_BYTES }: Options): Generator<TfRecord> {
  for (let at = 0; at < source.size;) {
    const length = readLength(source, at)
    const needed = length + TAIL
    if (needed > source.size - at - HEAD) throw cut(at, HEAD + needed, source.size - at)
    if (length > maxBytes) throw new FormatError('E_TFRECORD_LARGE', `the record at byte ${at} has ${length} bytes, ${maxBytes} are allowed`, at)
    const body = source.read(at + HEAD, needed)
    if (body.length < needed) throw cut(at, HEAD + needed, HEAD + body.length)
    const payload = body.subarray(0, length)
    checkCrc(payload, uint32(body, length), `the ${length} bytes`, at + HEAD)
    yield { offset: at, payload }
    at += HEAD + needed
  }
}

function readLength(source: Source, at: number): number {
  const head = source.read(at, HEAD)
  if (head.length < HEAD) throw cut(at, HEAD + TAIL, head.length)
  const isGzip = at === 0 && head[0] === 0x1f && head[1] === 0x8b
  checkCrc(head.subarray(0, 8), uint32(head, 8), 'the length', at, isGzip ? 'it looks gzipped: unpack it first, with gunzip' : undefined)
  return uint32(head, 0) + uint32(head, 4) * 2 ** 32
}

function checkCrc(bytes: Uint8Array, kept: number, what: string, at: number, hint?: string): void {
  const made = maskedCrc32c(bytes)
  if (made === kept) return
  throw new FormatError('E_TFRECORD_CRC', `${what} at byte ${at} should have the checksum ${hex(kept)}, not ${hex(made)}`, at,
    hint === undefined ? {} : { hint })
}

function cut(at: number, needed: number, left: number): FormatError {
  return new FormatError('E_TFRECORD_CUT', `the record at byte ${at} takes ${needed === HEAD + TAIL ? 'at least ' : ''}${needed} bytes, ${left} are left`, at)
}

function readAt(descriptor: number, at: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length)
  let done = 0
  while (done < length) {
    const read = readSync(descriptor, bytes, done, Math.min(length - done, 2 ** 30), at + done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
