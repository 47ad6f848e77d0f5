import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'

/** Named tensors and text about them, as a safetensors file holds them. */
export type Safetensors = { readonly tensors: Readonly<Record<string, Tensor>>; readonly metadata: Readonly<Record<string, string>> }

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] }

const LENGTH_BYTES = 8

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

/** Reads float32 tensors and metadata; every size is checked against the file before anything is copied. Throws E_SAFETENSORS naming `source`. */
export function decodeSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const refuse = (message: string): ToolkitError => new ToolkitError('E_SAFETENSORS', `${source}: ${message}`, { hint: 'the file is not a whole safetensors file' })
  if (bytes.length < LENGTH_BYTES) throw refuse(`${bytes.length} bytes hold no header`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(bytes.length - LENGTH_BYTES)) throw refuse(`a header of ${length} bytes in a file of ${bytes.length}`)
  const start = LENGTH_BYTES + Number(length)
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), refuse)
  const { __metadata__: metadata = {}, ...entries } = header
  const tensors: Record<string, Tensor> = {}
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(entries as Record<string, Entry>)) {
    if (dtype !== 'F32') throw refuse(`tensor "${name}" is ${dtype}, only F32 is read`)
    if (to - from !== sizeOf(shape) * 4 || from < 0 || start + to > bytes.length) throw refuse(`tensor "${name}" [${shape.join(', ')}] at bytes [${from}, ${to}) does not fit`)
    tensors[name] = { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer) }
  }
  return { tensors, metadata: metadata as Record<string, string> }
}

function parseHeader(bytes: Uint8Array, refuse: (message: string) => ToolkitError): Record<string, Entry | Record<string, string>> {
  const header = parseJson(new TextDecoder().decode(bytes))
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw refuse('the header is not a JSON object')
  for (const [name, value] of Object.entries(header)) {
    const entry = value as Partial<Entry> | null
    const isWhole = name === '__metadata__' || (Array.isArray(entry?.shape) && entry.shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0) && Array.isArray(entry.data_offsets) && entry.data_offsets.length === 2)
    if (!isWhole) throw refuse(`the header's entry "${name}" lacks a shape or offsets`)
  }
  return header as Record<string, Entry | Record<string, string>>
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
