import type { Files } from './blocks.ts'
import { shardName } from './entry.ts'
import { LISTS } from './index-layout.ts'
import type { IndexReader } from './index-reader.ts'
import type { OpenedShards } from './opened.ts'

export const KEYPOINTS = 0
export const STATES = 1
export const TIME = 2
export const BOXES = 3
export const SIGNALS = 4
export const DETAILS = 5
/** Of an item of each of LISTS. */
const ITEM_BYTES = [4, 1, 4, 4, 4, 1]

/** Memory for so many bytes, which begins where any typed array may. */
export type Room = (bytes: number) => ArrayBuffer

/** What a clip has in a list (its number in LISTS): a view of shared memory, or read into `room`. Throws E_SHARD_DAMAGED. */
export type ListReader = (row: number, list: number, room: Room) => Uint8Array<ArrayBufferLike>

/** Reads clips' lists in one thread. A batch is hashed at the first use of one of its clips in the process. */
export function readLists({ entry, resident, ...opened }: OpenedShards, { index, files }: { readonly index: IndexReader; readonly files: Files }): ListReader {
  const sound = new Uint8Array(opened.sound)
  const offsets = new Int32Array(opened.offsets)
  let known: ReturnType<typeof placesOf> | null = null

  /** Reads a whole batch: it must have its sha256; where its clips lie is kept, and all of it where there is room. */
  function takeBatch(places: ReturnType<typeof placesOf>, batch: number): void {
    const shard = places.shards[batch]!
    const expected = Buffer.from(index.numbers('batch.sha256').subarray(32 * batch, 32 * (batch + 1))).toString('hex')
    const block = files.readBlock(shardName(shard), places.starts[batch]!, index.numbers('batch.bytes')[batch]!, expected)
    const length = lengthOf(places, batch)
    for (let list = 0; list < LISTS.length; list++) {
      const at = places.buffers[2 * (LISTS.length * batch + list)]!
      offsets.set(new Int32Array(block.buffer, at, length), firstOf(places, batch) + list * length)
    }
    const memory = resident[shard]
    if (memory) new Uint8Array(memory).set(block, places.starts[batch]!)
    Atomics.store(sound, entry.sections.length + batch, 1)
  }

  /** How many offsets a list of a batch has: one more than clips. */
  function lengthOf({ firsts }: ReturnType<typeof placesOf>, batch: number): number {
    return (batch + 1 < firsts.length ? firsts[batch + 1]! : entry.clips) - firsts[batch]! + 1
  }

  /** Where a batch's offsets begin. */
  function firstOf({ firsts }: ReturnType<typeof placesOf>, batch: number): number {
    return LISTS.length * (firsts[batch]! + batch)
  }

  return (row, list, room) => {
    const places = (known ??= placesOf(index))
    const batch = places.batches[row]!
    if (Atomics.load(sound, entry.sections.length + batch) === 0) takeBatch(places, batch)
    const at = firstOf(places, batch) + list * lengthOf(places, batch) + places.rows[row]!
    const [size, from] = [ITEM_BYTES[list]!, offsets[at]!]
    const start = places.starts[batch]! + places.buffers[2 * (LISTS.length * batch + list) + 1]! + size * from
    const bytes = size * (offsets[at + 1]! - from)
    const memory = resident[places.shards[batch]!]
    if (memory) return new Uint8Array(memory, start, bytes)
    const into = new Uint8Array(room(bytes), 0, bytes)
    if (bytes > 0) files.readAt(shardName(places.shards[batch]!), start, into)
    return into
  }
}

/** Where clips and batches lie. */
function placesOf({ numbers }: IndexReader): { batches: Uint32Array; rows: Uint8Array; shards: Uint32Array; starts: Float64Array; firsts: Uint32Array; buffers: Uint32Array } {
  return {
    batches: numbers('batch'), rows: numbers('place'), shards: numbers('batch.shard'), starts: numbers('batch.start'), firsts: numbers('batch.first'), buffers: numbers('batch.buffers') }
}
