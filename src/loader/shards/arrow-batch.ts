import { type DataType, Field, Float32, Float64, Int32, List, makeData, RecordBatch, Schema, Struct, Uint8, Utf8 } from 'apache-arrow'
import type { Clip } from '../../clip.ts'
import { detailsText } from './clip-details.ts'
import { FORMAT } from './entry.ts'

/** A column of the shards and what a clip has in it. */
type Column =
  | { readonly name: string; readonly kind: 'text'; readonly of: (clip: Clip) => string | null }
  | { readonly name: string; readonly kind: 'integer'; readonly of: (clip: Clip) => number | null }
  | { readonly name: string; readonly kind: 'double'; readonly of: (clip: Clip) => number | null }
  | { readonly name: string; readonly kind: 'floats'; readonly of: (clip: Clip) => Float32Array | null }
  | { readonly name: string; readonly kind: 'bytes'; readonly of: (clip: Clip) => Uint8Array | null }

const columns: readonly Column[] = [
  { name: 'id', kind: 'text', of: ({ id }) => id },
  { name: 'dataset', kind: 'text', of: ({ dataset }) => dataset },
  { name: 'group', kind: 'text', of: ({ group }) => group },
  { name: 'skeleton', kind: 'text', of: ({ skeleton }) => skeleton },
  { name: 'source', kind: 'text', of: ({ source }) => source },
  { name: 'unit', kind: 'text', of: ({ unit }) => unit },
  { name: 'fps', kind: 'double', of: ({ fps }) => fps },
  { name: 'width', kind: 'integer', of: ({ width }) => width },
  { name: 'height', kind: 'integer', of: ({ height }) => height },
  { name: 'frames', kind: 'integer', of: ({ frames }) => frames },
  { name: 'persons', kind: 'integer', of: ({ persons }) => persons },
  { name: 'joints', kind: 'integer', of: ({ joints }) => joints },
  { name: 'dims', kind: 'integer', of: ({ dims }) => dims },
  { name: 'action', kind: 'text', of: ({ labels }) => labels.action },
  { name: 'official_split', kind: 'text', of: ({ labels }) => labels.officialSplit },
  { name: 'view', kind: 'text', of: ({ labels }) => labels.view },
  { name: 'subject', kind: 'text', of: ({ labels }) => labels.subject },
  { name: 'scene', kind: 'text', of: ({ labels }) => labels.scene },
  { name: 'camera', kind: 'text', of: ({ labels }) => labels.camera },
  { name: 'keypoints', kind: 'floats', of: ({ keypoints }) => keypoints },
  { name: 'states', kind: 'bytes', of: ({ states }) => states },
  { name: 'time', kind: 'floats', of: ({ time }) => time },
  { name: 'boxes', kind: 'floats', of: ({ boxes }) => boxes },
  { name: 'signals', kind: 'floats', of: ({ signals }) => signals?.values ?? null },
  { name: 'details', kind: 'text', of: detailsText },
]

const types: Readonly<Record<Column['kind'], () => DataType>> = {
  text: () => new Utf8(), integer: () => new Int32(), double: () => new Float64(),
  floats: () => new List(new Field('item', new Float32(), false)), bytes: () => new List(new Field('item', new Uint8(), false)),
}

/** The Arrow schema of every shard. */
export const schema = new Schema(columns.map(({ name, kind }) => new Field(name, types[kind](), true)), new Map([['posetta', `training shards ${FORMAT}`]]))

/** Where a column stands in the schema. */
export function columnNumber(name: string): number {
  return columns.findIndex((column) => column.name === name)
}

/** Clips as a record batch, one row each; everything is copied. */
export function recordBatchOf(clips: readonly Clip[]): RecordBatch {
  const children = columns.map((column, at) => dataOf(column, schema.fields[at]!.type as DataType, clips))
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: clips.length, nullCount: 0, children }))
}

function dataOf(column: Column, type: DataType, clips: readonly Clip[]): ReturnType<typeof makeData> {
  const { length } = clips
  if (column.kind === 'integer' || column.kind === 'double') {
    const values = clips.map(column.of)
    const data = column.kind === 'double' ? Float64Array.from(values, (value) => value ?? 0) : Int32Array.from(values, (value) => value ?? 0)
    return makeData({ type, length, data, ...validity(values) } as Parameters<typeof makeData>[0])
  }
  if (column.kind === 'text') {
    const values = clips.map(column.of)
    const texts = values.map((value) => new Uint8Array(Buffer.from(value ?? '')))
    return makeData({ type, length, valueOffsets: offsetsOf(texts), data: joined(texts, new Uint8Array(total(texts))), ...validity(values) } as Parameters<typeof makeData>[0])
  }
  const values: readonly (Float32Array | Uint8Array | null)[] = clips.map((clip) => column.of(clip))
  const lists = values.map((value) => value ?? new Uint8Array(0))
  const data = joined(lists, column.kind === 'floats' ? new Float32Array(total(lists)) : new Uint8Array(total(lists)))
  const child = makeData({ type: (type as List).children[0]!.type, length: data.length, nullCount: 0, data } as Parameters<typeof makeData>[0])
  return makeData({ type, length, valueOffsets: offsetsOf(lists), child, ...validity(values) } as Parameters<typeof makeData>[0])
}

function offsetsOf(lists: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(lists.length + 1)
  lists.forEach(({ length }, at) => { offsets[at + 1] = offsets[at]! + length })
  return offsets
}

function total(lists: readonly { readonly length: number }[]): number {
  return lists.reduce((sum, { length }) => sum + length, 0)
}

function joined<T extends Float32Array | Uint8Array>(lists: readonly ArrayLike<number>[], into: T): T {
  let at = 0
  for (const list of lists) {
    into.set(list, at)
    at += list.length
  }
  return into
}

/** One bit per row, 1 = there; left out where all are. */
function validity(values: readonly unknown[]): { readonly nullCount: number; readonly nullBitmap?: Uint8Array } {
  const nullCount = values.filter((value) => value === null).length
  if (nullCount === 0) return { nullCount }
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8))
  values.forEach((value, row) => { if (value !== null) nullBitmap[row >> 3]! |= 1 << (row & 7) })
  return { nullCount, nullBitmap }
}
