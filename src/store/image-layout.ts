import { binary, encode, i32, i64, list, struct, text, type Thrift, truth } from './image-thrift.ts'

/** One page of a column, at `offset` with `bytes` in the file, its header included; `row` = its first, counted from 0 in its row group. */
export type Page = { readonly offset: number; readonly bytes: number; readonly row: number }

/** A column of a row group: its pages one after the other, and the least and greatest value where readers may skip by them. */
export type Chunk = { readonly pages: readonly Page[]; readonly range: readonly [least: Uint8Array, greatest: Uint8Array] | null }

/** Chunks of `film`, `frame` and `image`, in this order and side by side. */
export type RowGroup = { readonly rows: number; readonly chunks: readonly Chunk[] }

/** The first and last four bytes of a Parquet file. */
export const MAGIC: Uint8Array = Buffer.from('PAR1')

const INT32 = i32(1)
const BYTE_ARRAY = i32(6)
const PLAIN = i32(0)
const RLE = i32(3)
const columns = [{ name: 'film', type: BYTE_ARRAY }, { name: 'frame', type: INT32 }, { name: 'image', type: BYTE_ARRAY }]

/** The header of a data page (version 1, uncompressed) of so many PLAIN values in so many bytes; as none is null, they follow it at once. */
export function pageHeader(values: number, bytes: number): Uint8Array {
  const size = i32(bytes)
  return encode(struct([1, i32(0)], [2, size], [3, size], [5, struct([1, i32(values)], [2, PLAIN], [3, RLE], [4, RLE])]))
}

/**
 * What comes after the last row group of a Parquet file, from byte `offset` of it: where every page lies (OffsetIndex), the footer, its length, `PAR1`.
 * github.com/apache/parquet-format, src/main/thrift/parquet.thrift.
 */
export function fileEnd(groups: readonly RowGroup[], { offset, metadata }: { offset: number; metadata: Readonly<Record<string, string>> }): Uint8Array {
  const indexes: Uint8Array[] = []
  let at = offset
  const rowGroups = groups.map(({ rows, chunks }) => {
    const coded = chunks.map((chunk, c) => {
      const index = encode(offsetIndex(chunk))
      indexes.push(index)
      at += index.length
      return struct([2, i64(0)], [3, columnMetadata(chunk, columns[c]!, rows)], [4, i64(at - index.length)], [5, i32(index.length)])
    })
    const bytes = i64(chunks.reduce((sum, chunk) => sum + sizeOf(chunk), 0))
    return struct([1, list(coded)], [2, bytes], [3, i64(rows)], [5, startOf(chunks[0]!)], [6, bytes])
  })
  const footer = encode(struct(
    [1, i32(1)], [2, list(schema())], [3, i64(groups.reduce((sum, { rows }) => sum + rows, 0))], [4, list(rowGroups)],
    [5, list(Object.entries(metadata).map(([key, value]) => struct([1, text(key)], [2, text(value)])))],
    [6, text('posetta version 1')], [7, list(columns.map(() => struct([1, struct()])))], // ranges are in the order of each type
  ))
  return Buffer.concat([...indexes, footer, int32s([footer.length]), MAGIC])
}

/** Numbers as Parquet's PLAIN has them: four bytes each, little-endian. */
export function int32s(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeInt32LE(value, i * 4))
  return bytes
}

function schema(): Thrift[] {
  const required = i32(0)
  const asText = [[6, i32(0)], [10, struct([1, struct()])]] as const
  const fields = columns.map(({ name, type }) => struct([1, type], [3, required], [4, text(name)], ...(name === 'film' ? asText : [])))
  return [struct([4, text('images')], [5, i32(columns.length)]), ...fields]
}

function columnMetadata(chunk: Chunk, { name, type }: (typeof columns)[number], rows: number): Thrift {
  const bytes = i64(sizeOf(chunk))
  const uncompressed = i32(0)
  return struct(
    [1, type], [2, list([PLAIN])], [3, list([text(name)])], [4, uncompressed], [5, i64(rows)], [6, bytes], [7, bytes], [9, startOf(chunk)],
    ...(chunk.range === null ? [] : [[12, statistics(...chunk.range)] as const]),
  )
}

function statistics(least: Uint8Array, greatest: Uint8Array): Thrift {
  return struct([3, i64(0)], [5, binary(greatest)], [6, binary(least)], [7, truth(true)], [8, truth(true)])
}

function offsetIndex({ pages }: Chunk): Thrift {
  return struct([1, list(pages.map(({ offset, bytes, row }) => struct([1, i64(offset)], [2, i32(bytes)], [3, i64(row)])))])
}

const startOf = ({ pages }: Chunk): Thrift => i64(pages[0]!.offset)
const sizeOf = ({ pages }: Chunk): number => pages.reduce((sum, { bytes }) => sum + bytes, 0)
