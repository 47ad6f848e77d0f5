import { type DataType, type Field, FixedSizeList, makeData, RecordBatch, type Schema, Struct, type Utf8 } from 'apache-arrow'
import type { Batch } from '../../batch.ts'

/**
 * A batch as one record batch, a row for each row of its tensors, which are not copied. Where there are several views of each sample, ids come again for each; of pairs, the second view's are the partners'.
 * Metadata: `state`, JSON of where the loader stands after it, and `epoch`.
 */
export function recordBatchOf({ ids, partners = ids, epoch, tensors, bytes, state }: Batch, schema: Schema): RecordBatch {
  const [idField, ...fields] = schema.fields as [Field, ...Field[]]
  const rows = { ...tensors, ...bytes }[fields[0]?.name ?? '']?.shape[0] ?? ids.length
  const children = fields.map((field) => tensorData(field, { ...tensors, ...bytes }[field.name]!.data, rows))
  const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children: [idData(idField.type as Utf8, Array.from({ length: rows }, (_, row) => (Math.floor(row / ids.length) === 1 ? partners : ids)[row % ids.length]!)), ...children] })
  return new RecordBatch(schema, data, new Map([['state', JSON.stringify(state)], ['epoch', String(epoch)]]))
}

function tensorData({ name, type }: Field, data: Float32Array | Uint8Array, rows: number): ReturnType<typeof makeData> {
  const width = type instanceof FixedSizeList ? type.listSize : 1
  if (data.length !== rows * width) throw new Error(`tensor ${name} has ${data.length} numbers, not ${rows} rows of ${width}`)
  if (!(type instanceof FixedSizeList)) return flat(type as DataType, data)
  return makeData({ type, length: rows, nullCount: 0, child: flat(type.children[0]!.type as DataType, data) })
}

function flat(type: DataType, data: Float32Array | Uint8Array): ReturnType<typeof makeData> {
  return makeData({ type, length: data.length, nullCount: 0, data } as Parameters<typeof makeData>[0])
}

function idData(type: Utf8, ids: readonly string[]): ReturnType<typeof makeData> {
  const [rows, texts] = [ids.length, ids.map((id) => Buffer.from(id))]
  const valueOffsets = new Int32Array(rows + 1)
  texts.forEach(({ length }, row) => { valueOffsets[row + 1] = valueOffsets[row]! + length })
  return makeData({ type, length: rows, nullCount: 0, valueOffsets, data: new Uint8Array(Buffer.concat(texts)) })
}
