import { binary, i32, i64, list, struct, text, type Thrift, truth } from './image-thrift.ts'

/** One page of a column, at `offset` with `bytes` in the file, its header included; `row` = its first, counted from 0 in its row group. */
export type Page = { readonly offset: number; readonly bytes: number; readonly row: number }

/** A column of a row group: its pages one after the other, and the least and greatest value where readers may skip by them. */
export type Chunk = { readonly pages: readonly Page[]; readonly range: readonly [least: Uint8Array, greatest: Uint8Array] | null }

/** Chunks of `film`, `frame` and `image`, in this order and side by side. */
export type RowGroup = { readonly rows: number; readonly chunks: readonly Chunk[] }

const [INT32, BYTE_ARRAY, PLAIN, RLE, UNCOMPRESSED, REQUIRED, UTF8] = [1, 6, 0, 3, 0, 0, 0]
const columns = [{ name: 'film', type: BYTE_ARRAY }, { name: 'frame', type: INT32 }, { name: 'image', type: BYTE_ARRAY }]

/** The header of a data page (version 1) of so many values in so many bytes, PLAIN and UNCOMPRESSED: as nothing is null, the values follow it at once. */
export function pageHeader(values: number, bytes: number): Uint8Array {
  return encoded(struct({ 1: i32(0), 2: i32(bytes), 3: i32(bytes), 5: struct({ 1: i32(values), 2: i32(PLAIN), 3: i32(RLE), 4: i32(RLE) }) }))
}

/**
 * What comes after the last row group of a Parquet file, beginning at `offset` of it: where every page lies (OffsetIndex), the footer, its length, `PAR1`.
 * github.com/apache/parquet-format, src/main/thrift/parquet.thrift.
 */
export function fileEnd(groups: readonly RowGroup[], { offset, metadata }: { offset: number; metadata: Readonly<Record<string, string>> }): Uint8Array {
  const indexes = groups.flatMap(({ chunks }) => chunks.map(({ pages }) => encoded(offsetIndex(pages))))
  let [at, index] = [offset, 0]
  const rowGroups = groups.map(({ rows, chunks }) => {
    const coded = chunks.map((chunk, column) => {
      const { length } = indexes[index++]!
      at += length
      return struct({ 2: i64(0), 3: columnMetadata(chunk, column, rows), 4: i64(at - length), 5: i32(length) })
    })
    const bytes = chunks.reduce((sum, chunk) => sum + bytesOf(chunk), 0)
    return struct({ 1: list(coded), 2: i64(bytes), 3: i64(rows), 5: i64(chunks[0]!.pages[0]!.offset), 6: i64(bytes) })
  })
  const footer = encoded(struct({
    1: i32(1), 2: list(schema()), 3: i64(groups.reduce((sum, { rows }) => sum + rows, 0)), 4: list(rowGroups),
    5: list(Object.entries(metadata).map(([key, value]) => struct({ 1: text(key), 2: text(value) }))),
    6: text('posetta version 1'), 7: list(columns.map(() => struct({ 1: struct({}) }))),
  }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([...indexes, footer, length, MAGIC])
}

/** The first and last four bytes of a Parquet file. */
export const MAGIC: Uint8Array = Buffer.from('PAR1')

function offsetIndex(pages: readonly Page[]): Thrift {
  return struct({ 1: list(pages.map(({ offset, bytes, row }) => struct({ 1: i64(offset), 2: i32(bytes), 3: i64(row) }))) })
}

function columnMetadata(chunk: Chunk, column: number, rows: number): Thrift {
  const { name, type } = columns[column]!
  const size = i64(bytesOf(chunk))
  const statistics = chunk.range === null ? {} : {
    12: struct({ 3: i64(0), 5: binary(chunk.range[1]), 6: binary(chunk.range[0]), 7: truth(true), 8: truth(true) }) }
  return struct({
    1: i32(type!), 2: list([i32(PLAIN!)]), 3: list([text(name)]), 4: i32(UNCOMPRESSED!), 5: i64(rows), 6: size, 7: size, 9: i64(chunk.pages[0]!.offset), ...statistics })
}

const bytesOf = ({ pages }: Chunk): number => pages.reduce((sum, { bytes }) => sum + bytes, 0)

function schema(): Thrift[] {
  const [film, ...others] = columns.map(({ name, type }) => ({ 1: i32(type!), 3: i32(REQUIRED!), 4: text(name) }))
  const asText = { 6: i32(UTF8!), 10: struct({ 1: struct({}) }) }
  return [{ 4: text('images'), 5: i32(columns.length) }, { ...film, ...asText }, ...others].map(struct)
}

const encoded = ({ bytes }: Thrift): Uint8Array => Uint8Array.from(bytes)
