import { Binary, Field, Int32, makeData, RecordBatch, RecordBatchReader, Schema, Struct, Table, tableToIPC, Utf8 } from 'apache-arrow'
import { type Hash, sha256 } from '../../hash.ts'
import { FORMAT } from './entry.ts'

/** A picture as it goes into a shard. */
export type Picture = { readonly film: string; readonly frame: number; readonly jpeg: Uint8Array }

/** Where a picture lies in its file. */
export type PicturePlace = { readonly frame: number; readonly start: number; readonly bytes: number; readonly sha256: Hash }

/** Pictures of a record batch: what other tools read at a time. */
const BATCH = 64

const schema = new Schema(
  [new Field('film', new Utf8(), false), new Field('frame', new Int32(), false), new Field('jpeg', new Binary(), false)], new Map([['posetta', `training pictures ${FORMAT}`]]))

/** Pictures as an Arrow IPC file, uncompressed, and where in it each lies, in their order. */
export function pictureFileOf(pictures: readonly Picture[]): { readonly bytes: Uint8Array; readonly places: readonly PicturePlace[] } {
  const batches = Array.from({ length: Math.ceil(pictures.length / BATCH) }, (_, batch) => recordBatchOf(pictures.slice(batch * BATCH, (batch + 1) * BATCH)))
  const bytes = tableToIPC(new Table(schema, batches), 'file')
  const starts = [...RecordBatchReader.from(bytes)].flatMap(({ data: { children: [, , jpegs] }, numRows }) =>
    Array.from({ length: numRows }, (_, row) => jpegs!.values.byteOffset - bytes.byteOffset + jpegs!.valueOffsets[row]!))
  return { bytes, places: pictures.map(({ frame, jpeg }, at) => ({ frame, start: starts[at]!, bytes: jpeg.length, sha256: sha256(jpeg) })) }
}

function recordBatchOf(pictures: readonly Picture[]): RecordBatch {
  const length = pictures.length
  const texts = pictures.map(({ film }) => Buffer.from(film))
  const jpegs = pictures.map(({ jpeg }) => jpeg)
  const children = [
    makeData({ type: new Utf8(), length, nullCount: 0, valueOffsets: offsetsOf(texts), data: Buffer.concat(texts) }),
    makeData({ type: new Int32(), length, nullCount: 0, data: Int32Array.from(pictures, ({ frame }) => frame) }),
    makeData({ type: new Binary(), length, nullCount: 0, valueOffsets: offsetsOf(jpegs), data: Buffer.concat(jpegs) }),
  ]
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

function offsetsOf(values: readonly Uint8Array[]): Int32Array {
  const offsets = new Int32Array(values.length + 1)
  values.forEach(({ length }, at) => { offsets[at + 1] = offsets[at]! + length })
  return offsets
}
