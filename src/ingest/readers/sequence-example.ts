import { FormatError } from './format-error.ts'
import { malformed, readVarint, type Stretch, WIRE, wireFields, type WireField } from './protobuf-wire.ts'

/** Values of one feature; byte strings are views of the record. `none` = a feature that holds no list at all. */
export type FeatureValues =
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'float' | 'int64'; readonly values: readonly number[] }
  | { readonly kind: 'none'; readonly values: readonly [] }

/** `context` is about the whole sequence, `lists` has a feature per step. */
export type SequenceExample = {
  readonly context: ReadonlyMap<string, FeatureValues>
  readonly lists: ReadonlyMap<string, readonly FeatureValues[]>
}

/** The most that the values of one record may take in memory, unless the caller says otherwise. */
const MAX_BYTES = 2 ** 28
/** Roughly what a number and an object take in memory. */
const NUMBER = 8
const OBJECT = 200

/** A record being read, and bytes that may still be made out of it. */
type Source = { readonly bytes: Uint8Array; left: number }
type Kind = 'bytes' | 'float' | 'int64'
const kinds: Readonly<Record<number, Kind>> = { 1: 'bytes', 2: 'float', 3: 'int64' }
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a tf.train.SequenceExample, the payload of a TFRecord of TCC: tensorflow/core/example/example.proto and feature.proto. Fields it does not know are
 * skipped. Whatever the bytes are, it answers or throws FormatError E_PROTOBUF, E_PROTOBUF_LARGE, its offset counted from the start of the record.
 */
export function readSequenceExample(bytes: Uint8Array, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): SequenceExample {
  const source: Source = { bytes, left: maxBytes }
  const context = new Map<string, FeatureValues>()
  const lists = new Map<string, FeatureValues[]>()
  for (const field of wireFields(bytes, { start: 0, end: bytes.length })) {
    if (field.number === 1) readMap(source, message(field, 'the context'), context, readFeature)
    if (field.number === 2) readMap(source, message(field, 'the feature lists'), lists, readFeatureList)
  }
  return { context, lists }
}

/** A map is a list of entries {key = 1, value = 2} in field 1; what is not there is empty. */
function readMap<Value>(source: Source, stretch: Stretch, map: Map<string, Value>, read: (source: Source, stretch: Stretch) => Value): void {
  for (const field of wireFields(source.bytes, stretch)) {
    if (field.number !== 1) continue
    spend(source, OBJECT, field.at)
    const { key, value } = readEntry(source, message(field, 'an entry'))
    if (map.has(key)) throw malformed(`a second feature ${JSON.stringify(key)}`, field.at)
    map.set(key, read(source, value))
  }
}

function readEntry(source: Source, entry: Stretch): { key: string; value: Stretch } {
  const nothing: Stretch = { start: entry.end, end: entry.end }
  let [key, value] = [nothing, nothing]
  for (const field of wireFields(source.bytes, entry)) {
    if (field.number === 1) key = message(field, 'a key')
    if (field.number !== 2) continue
    if (value !== nothing) throw malformed('a second value of an entry', field.at)
    value = message(field, 'a value')
  }
  return { key: readText(source, key), value }
}

function readFeatureList(source: Source, stretch: Stretch): FeatureValues[] {
  const features: FeatureValues[] = []
  for (const field of wireFields(source.bytes, stretch)) {
    if (field.number === 1) features.push(readFeature(source, message(field, 'a feature')))
  }
  return features
}

/** One of three lists, in one piece or in several that are joined. */
function readFeature(source: Source, stretch: Stretch): FeatureValues {
  let kind: Kind | null = null
  const strings: Uint8Array[] = []
  const numbers: number[] = []
  spend(source, OBJECT, stretch.start)
  for (const field of wireFields(source.bytes, stretch)) {
    const found = kinds[field.number]
    if (found === undefined) continue
    if (kind !== null && kind !== found) throw malformed(`a feature of ${kind} and of ${found}`, field.at)
    kind = found
    for (const value of wireFields(source.bytes, message(field, `a list of ${kind}`))) {
      if (value.number !== 1) continue
      if (kind === 'bytes') strings.push(readBytes(source, value))
      else if (kind === 'float') readFloats(source, value, numbers)
      else readIntegers(source, value, numbers)
    }
  }
  if (kind === null) return { kind: 'none', values: [] }
  return kind === 'bytes' ? { kind, values: strings } : { kind, values: numbers }
}

function readBytes(source: Source, field: WireField): Uint8Array {
  spend(source, OBJECT, field.at)
  const { start, end } = message(field, 'a byte string')
  return source.bytes.subarray(start, end)
}

/** Packed, or one at a time. */
function readFloats(source: Source, field: WireField, numbers: number[]): void {
  const { wire, start, end, at } = field
  if (wire !== WIRE.BYTES && wire !== WIRE.FIXED32) throw misplaced('a float', wire, at)
  if ((end - start) % 4 !== 0) throw malformed(`floats of 4 bytes in ${end - start} bytes`, start)
  spend(source, ((end - start) / 4) * NUMBER, at)
  const view = new DataView(source.bytes.buffer, source.bytes.byteOffset + start, end - start)
  for (let offset = 0; offset < view.byteLength; offset += 4) numbers.push(view.getFloat32(offset, true))
}

/** Packed, or one at a time. */
function readIntegers(source: Source, field: WireField, numbers: number[]): void {
  const { wire, start, end, at } = field
  if (wire !== WIRE.BYTES && wire !== WIRE.VARINT) throw misplaced('an int64', wire, at)
  for (let offset = start; offset < end;) {
    const { value, next } = readVarint(source.bytes, offset, end)
    if (!Number.isSafeInteger(value)) throw malformed('an integer beyond 2^53', offset)
    spend(source, NUMBER, offset)
    numbers.push(value)
    offset = next
  }
}

function readText(source: Source, { start, end }: Stretch): string {
  try {
    return utf8.decode(source.bytes.subarray(start, end))
  } catch {
    throw malformed('a key that is no UTF-8 text', start)
  }
}

/** The field where a message, a text or a byte string must be. */
function message(field: WireField, what: string): WireField {
  if (field.wire !== WIRE.BYTES) throw misplaced(what, field.wire, field.at)
  return field
}

function misplaced(what: string, wire: number, at: number): FormatError {
  return malformed(`${what} of wire type ${wire}`, at)
}

function spend(source: Source, bytes: number, at: number): void {
  source.left -= bytes
  if (source.left < 0) throw new FormatError('E_PROTOBUF_LARGE', `the values up to byte ${at} of the record take more memory than is allowed`, at)
}
