import { type RecordBatch, RecordBatchReader, Table, tableToIPC } from 'apache-arrow'
import { type Hash, sha256 } from '../../hash.ts'
import { columnNumber, schema } from './arrow-batch.ts'
import { LISTS } from './index-layout.ts'

/** A record batch as it lies in its shard. The blocks of a shard cover all of its bytes: the first begins at 0, the last one ends at the end. */
export type BatchPlace = {
  /** Of its block in the file. */
  readonly start: number
  readonly bytes: number
  readonly sha256: Hash
  /** For each of LISTS: where its offsets (int32) lie in the block, and where its values begin. */
  readonly buffers: readonly number[]
}

export type ShardFile = { readonly bytes: Uint8Array; readonly batches: readonly BatchPlace[] }

/** Record batches as an Arrow IPC file, uncompressed, and where in it everything lies. */
export function shardFileOf(batches: readonly RecordBatch[]): ShardFile {
  const bytes = tableToIPC(new Table(schema, [...batches]), 'file')
  const written = [...RecordBatchReader.from(bytes)]
  const starts = written.map((batch, at) => (at === 0 ? 0 : placeOf(batch.data.children[0]!.valueOffsets, bytes)))
  return {
    bytes,
    batches: written.map((batch, at) => {
      const [start, end] = [starts[at]!, starts[at + 1] ?? bytes.length]
      const buffers = LISTS.flatMap((name) => {
        const { valueOffsets, values, children } = batch.data.children[columnNumber(name)]!
        return [placeOf(valueOffsets, bytes), placeOf(children[0]?.values ?? values, bytes)].map((place) => Math.max(0, place - start))
      })
      return { start, bytes: end - start, sha256: sha256(bytes.subarray(start, end)), buffers }
    }),
  }
}

/** Where an array that reads a file without a copy lies in it; -1 = it is empty and lies nowhere. */
function placeOf(array: { readonly buffer: ArrayBufferLike; readonly byteOffset: number }, file: Uint8Array): number {
  return array.buffer === file.buffer ? array.byteOffset - file.byteOffset : -1
}
