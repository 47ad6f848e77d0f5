import { FormatError } from './format-error.ts'

/** How a field is laid out, Protocol Buffers, Encoding: a varint, 8 bytes, a length and as many bytes, 4 bytes. */
export const WIRE = { VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5 } as const

/** A field of a message: its number, how it is laid out, where its tag begins, and where its data lies. */
export type WireField = { readonly number: number; readonly wire: number; readonly at: number; readonly start: number; readonly end: number }

/** A stretch of a record. */
export type Stretch = { readonly start: number; readonly end: number }

const GROUP_START = 3
const GROUP_END = 4
/** As deep as other implementations follow. */
const MAX_GROUPS = 100

/** The fields of the message in [start, end), in order, those of (long deprecated) groups left out. Throws FormatError E_PROTOBUF. */
export function* wireFields(bytes: Uint8Array, { start, end }: Stretch): Generator<WireField> {
  const groups: number[] = []
  for (let at = start; at < end;) {
    const tag = readVarint(bytes, at, end)
    const number = Math.floor(tag.value / 8)
    const wire = tag.value % 8
    if (tag.value < 8 || number >= 2 ** 29) throw malformed(`a field number of ${number}`, at)
    if (wire === GROUP_START) groups.push(number)
    if (wire === GROUP_END && groups.pop() !== number) throw malformed(`the end of a group ${number} that did not begin`, at)
    const field = { number, wire, at, ...dataOf(bytes, wire, tag.next, end) }
    if (groups.length > MAX_GROUPS) throw malformed(`groups more than ${MAX_GROUPS} deep`, at)
    if (groups.length === 0 && wire !== GROUP_END) yield field
    at = field.end
  }
  if (groups.length > 0) throw malformed(`a group ${groups.at(-1)} that does not end`, end)
}

/** A varint of at most 10 bytes as the signed 64-bit integer it stands for, exact within 2^53, and the byte after it. Throws FormatError E_PROTOBUF. */
export function readVarint(bytes: Uint8Array, at: number, end: number): { value: number; next: number } {
  let [low, middle, high] = [0, 0, 0]
  for (let index = 0; index < 10 && at + index < end; index++) {
    const byte = bytes[at + index]!
    const bits = byte & 127
    if (index < 4) low += bits * 2 ** (7 * index)
    else if (index < 8) middle += bits * 2 ** (7 * index - 28)
    else high += bits * 2 ** (7 * index - 56)
    if (byte >= 128) continue
    if (high >= 256) break
    // sums of whole multiples first, so that nothing is rounded within 2^53
    return { value: ((high >= 128 ? high - 256 : high) * 2 ** 28 + middle) * 2 ** 28 + low, next: at + index + 1 }
  }
  throw malformed(end - at < 10 ? 'an integer that does not end' : 'an integer of more than 64 bits', at)
}

/** A message that breaks the rules of its format, at a byte of the record. */
export function malformed(what: string, at: number): FormatError {
  return new FormatError('E_PROTOBUF', `${what}, at byte ${at} of the record`, at)
}

function dataOf(bytes: Uint8Array, wire: number, at: number, end: number): Stretch {
  switch (wire) {
    case WIRE.VARINT: return { start: at, end: readVarint(bytes, at, end).next }
    case WIRE.FIXED64: return within(at, 8, end)
    case WIRE.FIXED32: return within(at, 4, end)
    case GROUP_START: case GROUP_END: return { start: at, end: at }
    case WIRE.BYTES: {
      const length = readVarint(bytes, at, end)
      return within(length.next, length.value, end)
    }
    default: throw malformed(`a field of wire type ${wire}`, at)
  }
}

function within(start: number, length: number, end: number): Stretch {
  if (length < 0 || length > end - start) throw malformed(`a field of ${length} bytes where ${end - start} are left`, start)
  return { start, end: start + length }
}
