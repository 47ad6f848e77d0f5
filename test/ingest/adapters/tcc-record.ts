import { maskedCrc32c } from '../../../src/ingest/readers/crc32c.ts'

export type Sequence = { readonly name?: string; readonly len?: number; readonly labels?: readonly number[]; readonly pictures?: readonly string[] }

/** A video as TCC writes it: a SequenceExample in the frame of a TFRecord. */
export function tccRecord({ name, len, labels, pictures }: Sequence): Buffer {
  const context = [...(name === undefined ? [] : [entry('name', bytesFeature(name))]), ...(len === undefined ? [] : [entry('len', integerFeature(len))])]
  const lists = [
    ...(pictures === undefined ? [] : [entry('video', ...pictures.map((picture) => field(1, bytesFeature(picture))))]),
    ...(labels === undefined ? [] : [entry('frame_labels', ...labels.map((label) => field(1, integerFeature(label))))]),
  ]
  return sealed(Buffer.concat([field(1, ...context), field(2, ...lists)]))
}

/** A payload with its length and both checksums. */
export function sealed(payload: Uint8Array): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(payload.length))
  return Buffer.concat([length, uint32(maskedCrc32c(length)), payload, uint32(maskedCrc32c(payload))])
}

/** A field of a message that holds a message, a text or bytes. */
export function field(number: number, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(number * 8 + 2), varint(data.length), data])
}

function entry(key: string, ...value: readonly Uint8Array[]): Buffer {
  return field(1, field(1, Buffer.from(key)), field(2, ...value))
}

function bytesFeature(text: string): Buffer {
  return field(1, field(1, Buffer.from(text)))
}

function integerFeature(value: number): Buffer {
  return field(3, field(1, varint(value)))
}

function varint(value: number): Buffer {
  const bytes = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push(128 + (rest % 128))
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
