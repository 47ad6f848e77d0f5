import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { numberTypes } from './number-types.ts'

/** Named tensors and text about them, as a safetensors file holds them. `leftOut` = the types of those that are no weights, by name. */
export type Safetensors = { readonly tensors: Readonly<Record<string, Tensor>>; readonly metadata: Readonly<Record<string, string>>; readonly leftOut?: Readonly<Record<string, string>> }

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] }

const LENGTH_BYTES = 8

/** Bytes of what is in files and is no weight. */
const otherBytes: Readonly<Record<string, number>> = { BOOL: 1, I8: 1, U8: 1, I16: 2, U16: 2, I32: 4, U32: 4, I64: 8, U64: 8 }

/**
 * A safetensors file: the header's length (uint64, little-endian), the header as JSON, the numbers as float32 little-endian in the order given.
 * Format: https://huggingface.co/docs/safetensors. The header is padded with spaces so that the numbers start at a multiple of 8.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const entries: Record<string, Entry | Readonly<Record<string, string>>> = { __metadata__: metadata }
  let offset = 0
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    entries[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset += data.byteLength] }
  }
  const json = new TextEncoder().encode(JSON.stringify(entries))
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20)
  header.set(json)
  const out = new Uint8Array(LENGTH_BYTES + header.length + offset)
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true)
  out.set(header, LENGTH_BYTES)
  let start = LENGTH_BYTES + header.length
  for (const { data } of Object.values(tensors)) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start)
    start += data.byteLength
  }
  return out
}

/**
 * Reads tensors, as float32, and metadata; every size is checked against the file before anything is copied. Throws E_SAFETENSORS naming `source`. Tensors of integers are
 * no weights and refused; with `floats: 'only'` they are `leftOut`.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string, { floats = 'all' }: { floats?: 'all' | 'only' } = {}): Safetensors {
  const refuse = (message: string): ToolkitError =>
    new ToolkitError('E_SAFETENSORS', `${source}: ${message}`, { hint: 'the file is not a whole safetensors file' })
  if (bytes.length < LENGTH_BYTES) throw refuse(`${bytes.length} bytes hold no header`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(bytes.length - LENGTH_BYTES)) throw refuse(`a header of ${length} bytes in a file of ${bytes.length}`)
  const start = LENGTH_BYTES + Number(length)
  const { __metadata__: metadata = {}, ...header } = parseHeader(bytes.subarray(LENGTH_BYTES, start), refuse)
  const entries = Object.entries(header as Record<string, Entry>)
  for (const [name, { dtype }] of entries) {
    if (!(dtype in numberTypes) && !(floats === 'only' && dtype in otherBytes)) throw refuse(`tensor "${name}" is ${dtype}, only ${Object.keys(numberTypes).join(', ')} are read`)
  }
  checkPlaces(entries, bytes.length - start, refuse)
  const tensors = entries.filter(([, { dtype }]) => dtype in numberTypes).map(([name, { dtype, shape, data_offsets: [from, to] }]) => (
    [name, { shape, data: numberTypes[dtype]!.read(bytes.subarray(start + from, start + to)) }] as const))
  const leftOut = Object.fromEntries(entries.flatMap(([name, { dtype }]) => (dtype in numberTypes ? [] : [[name, dtype] as const])))
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string>, ...(floats === 'only' ? { leftOut } : {}) }
}

/** The tensors must lie one after the other, without holes, from the first byte to the last: so no file asks for more memory than it has bytes. */
function checkPlaces(entries: readonly (readonly [string, Entry])[], size: number, refuse: (message: string) => ToolkitError): void {
  const places = entries.map(([name, { dtype, shape, data_offsets: [from, to] }]) => ({ name, shape, from, to, bytes: numberTypes[dtype]?.bytes ?? otherBytes[dtype]! }))
  let end = 0
  for (const { name, shape, from, to, bytes } of places.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const fits = from === end && to - from === sizeOf(shape) * bytes && to <= size
    if (!fits) throw refuse(`tensor "${name}" [${shape.join(', ')}] at bytes [${from}, ${to}) does not fit`)
    end = to
  }
  if (end !== size) throw refuse(`${size - end} bytes after the last tensor`)
}

function parseHeader(bytes: Uint8Array, refuse: (message: string) => ToolkitError): Record<string, Entry | Record<string, string>> {
  const header = parseJson(new TextDecoder().decode(bytes))
  if (!isRecord(header)) throw refuse('the header is not a JSON object')
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__' && !isTexts(value)) throw refuse('the metadata is not text by name')
    if (name !== '__metadata__' && !isEntry(value)) throw refuse(`the header's entry "${name}" lacks a shape or offsets`)
  }
  return header as Record<string, Entry | Record<string, string>>
}

function isEntry(value: unknown): value is Entry {
  const isCounts = (numbers: unknown): numbers is number[] => Array.isArray(numbers) && numbers.every((number) => Number.isSafeInteger(number) && number >= 0)
  return isRecord(value) && isCounts(value['shape']) && isCounts(value['data_offsets']) && value['data_offsets'].length === 2
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
