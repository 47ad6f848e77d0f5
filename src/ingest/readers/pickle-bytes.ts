import { isUtf8 } from 'node:buffer'
import { charge, fail, fileOffset, type Machine } from './pickle-machine.ts'

/** Longer lines of protocol 0 hold text and numbers that no data set has. */
const MAX_TEXT = 2 ** 28

/** Where the next `count` bytes begin; reading goes on behind them. Throws FormatError when fewer are left. */
export function take(machine: Machine, count: number): number {
  const start = machine.at
  const left = machine.bytes.length - start
  if (count > left) throw fail(machine, 'E_PICKLE_SHORT', `needs ${count} bytes, ${left} are left`)
  machine.at += count
  return start
}

/** The little-endian unsigned integer of 1, 2, 4 or 8 bytes that comes next; of 8 bytes what is beyond 2^53 is not exact, and longer than any file. */
export function unsigned(machine: Machine, width: 1 | 2 | 4 | 8): number {
  const at = take(machine, width)
  return width === 8 ? Number(machine.bytes.readBigUInt64LE(at)) : machine.bytes.readUIntLE(at, width)
}

/** Bytes as they lie in the file, not copied. */
export function view(machine: Machine, count: number): Uint8Array {
  const at = take(machine, count)
  charge(machine, 256)
  return new Uint8Array(machine.bytes.buffer, machine.bytes.byteOffset + at, count)
}

/** Text of `count` bytes of UTF-8. Throws FormatError for bytes that are none, such as halves of surrogate pairs. */
export function utf8(machine: Machine, count: number): string {
  const part = textBytes(machine, count)
  const text = part.toString('utf8')
  if (text.includes('\ufffd') && !isUtf8(part)) throw fail(machine, 'E_PICKLE_TEXT', `holds ${count} bytes that are no UTF-8`)
  return text
}

/** Text of `count` bytes of Latin-1, as Python 2's strings are read. */
export function latin1(machine: Machine, count: number): string {
  return textBytes(machine, count).toString('latin1')
}

/** The text up to the end of the line, Latin-1. */
export function line(machine: Machine): string {
  const end = machine.bytes.indexOf(10, machine.at)
  if (end < 0) throw fail(machine, 'E_PICKLE_SHORT', 'finds no end of its line')
  const text = latin1(machine, end - machine.at)
  machine.at++
  return text
}

/** The bytes that text of Latin-1 stands for: how protocols below 3 write bytes. */
export function fromLatin1(machine: Machine, text: string): Uint8Array {
  charge(machine, 256 + text.length)
  if (/[^\0-\xff]/.test(text)) throw fail(machine, 'E_PICKLE_TEXT', 'takes text beyond Latin-1 for bytes')
  const bytes = new Uint8Array(text.length)
  Buffer.from(bytes.buffer).write(text, 'latin1')
  return bytes
}

/** The byte of the file that bytes lie at; for those that were made, the running opcode. */
export function placeOf(machine: Machine, bytes: Uint8Array): number {
  return fileOffset(machine, bytes.buffer === machine.bytes.buffer ? bytes.byteOffset - machine.bytes.byteOffset : machine.opcode)
}

function textBytes(machine: Machine, count: number): Buffer {
  const at = take(machine, count)
  if (count > MAX_TEXT) throw fail(machine, 'E_PICKLE_LARGE', `holds text of ${count} bytes, ${MAX_TEXT} are the most`)
  charge(machine, 40 + 2 * count)
  return machine.bytes.subarray(at, at + count)
}
