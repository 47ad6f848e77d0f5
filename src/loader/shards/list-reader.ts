import type { Files } from './blocks.ts'
import { LISTS } from './index-layout.ts'
import type { IndexReader } from './index-reader.ts'
import type { OpenedShards } from './opened.ts'
import { shardName } from './shard-name.ts'

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
export type ListReader = {
  bytes(row: number, list: number, room: Room): Uint8Array<ArrayBufferLike>
  /** Of floats: all, or [first, end) of them alone. */
  floats(row: number, list: number, room: Room, first?: number, end?: number): Float32Array
  /** Of texts: what `parse` makes of it; where it cannot, the batch is hashed anew at its next use. */
  parsed<Value>(row: number, list: number, parse: (text: Uint8Array<ArrayBufferLike>) => Value): Value
}

/** Reads clips' lists in one thread. A batch is hashed at the first use of one of its clips in the process. */
export function readLists({ entry, resident: shards, kept, ...opened }: OpenedShards, { index, files }: { readonly index: IndexReader; readonly files: Files }): ListReader {
  const sound = new Int32Array(opened.sound)
  const offsets = new Int32Array(opened.offsets)
  const resident = shards.map((shard) => (shard === null ? null : typeof shard === 'number' ? { buffer: kept.memory.buffer, first: shard } : { buffer: shard, first: 0 }))
  let known: ReturnType<typeof placesOf> | null = null

  /** Reads a whole batch: it must have its sha256; where its clips lie is kept, and all of it where there is room. */
  function takeBatch(places: ReturnType<typeof placesOf>, batch: number): void {
    const shard = places.shards[batch]!
    const stamp = files.stampOf(shardName(shard))
    const expected = Buffer.from(index.numbers('batch.sha256').subarray(32 * batch, 32 * (batch + 1))).toString('hex')
    const block = files.readBlock(shardName(shard), places.starts[batch]!, index.numbers('batch.bytes')[batch]!, expected)
    const length = lengthOf(places, batch)
    for (let list = 0; list < LISTS.length; list++) {
      const at = places.buffers[2 * (LISTS.length * batch + list)]!
      offsets.set(new Int32Array(block.buffer, at, length), firstOf(places, batch) + list * length)
    }
    const memory = resident[shard]
    if (memory) new Uint8Array(memory.buffer).set(block, memory.first + places.starts[batch]!)
    Atomics.store(sound, entry.sections.length + batch, stamp)
  }

  /** Whether a batch has been hashed: once for all where it is kept, else in the version of its file that this thread has open. */
  function isSound(shard: number, batch: number): boolean {
    const stamp = Atomics.load(sound, entry.sections.length + batch)
    if (stamp === 0 || resident[shard]) return stamp !== 0
    // another thread may have seen a newer version
    return files.stampOf(shardName(shard)) === stamp || files.stampOf(shardName(shard), true) === stamp
  }

  /** How many offsets a list of a batch has: one more than clips. */
  function lengthOf({ firsts }: ReturnType<typeof placesOf>, batch: number): number {
    return (batch + 1 < firsts.length ? firsts[batch + 1]! : entry.clips) - firsts[batch]! + 1
  }

  /** Where a batch's offsets begin. */
  function firstOf({ firsts }: ReturnType<typeof placesOf>, batch: number): number {
    return LISTS.length * (firsts[batch]! + batch)
  }

  /** Where in which shard a clip's items of a list lie. */
  function placeOf(row: number, list: number): { shard: number; start: number; items: number } {
    const places = (known ??= placesOf(index))
    const batch = places.batches[row]!
    if (!isSound(places.shards[batch]!, batch)) takeBatch(places, batch)
    const at = firstOf(places, batch) + list * lengthOf(places, batch) + places.rows[row]!
    const from = offsets[at]!
    return {
      shard: places.shards[batch]!, start: places.starts[batch]! + places.buffers[2 * (LISTS.length * batch + list) + 1]! + ITEM_BYTES[list]! * from, items: offsets[at + 1]! - from }
  }

  function readInto(room: Room, { shard, start, bytes }: { shard: number; start: number; bytes: number }): ArrayBuffer {
    const into = room(bytes)
    if (bytes > 0) files.readAt(shardName(shard), start, new Uint8Array(into, 0, bytes))
    return into
  }

  function bytesOf(row: number, list: number, room: Room): Uint8Array<ArrayBufferLike> {
    const { shard, start, items } = placeOf(row, list)
    const bytes = ITEM_BYTES[list]! * items
    const memory = resident[shard]
    return memory ? new Uint8Array(memory.buffer, memory.first + start, bytes) : new Uint8Array(readInto(room, { shard, start, bytes }), 0, bytes)
  }

  return {
    bytes: bytesOf,
    floats(row, list, room, first = 0, end = Infinity) {
      const { shard, start, items } = placeOf(row, list)
      const count = Math.min(end, items) - first
      const memory = resident[shard]
      return memory ? new Float32Array(memory.buffer, memory.first + start + 4 * first, count) : new Float32Array(readInto(room, { shard, start: start + 4 * first, bytes: 4 * count }), 0, count)
    },
    parsed(row, list, parse) {
      const text = bytesOf(row, list, (bytes) => new ArrayBuffer(bytes))
      try {
        return parse(text)
      } catch (cause) {
        const { batches, shards } = placesOf(index)
        Atomics.store(sound, entry.sections.length + batches[row]!, 0)
        throw files.damaged(shardName(shards[batches[row]!]!), `has ${LISTS[list]} of ${index.id(row)} that are none: ${(cause as Error).message}`, cause)
      }
    },
  }
}

/** Where clips and batches lie. */
function placesOf({ numbers }: IndexReader): { batches: Uint32Array; rows: Uint8Array; shards: Uint32Array; starts: Float64Array; firsts: Uint32Array; buffers: Uint32Array } {
  return {
    batches: numbers('batch'), rows: numbers('place'), shards: numbers('batch.shard'), starts: numbers('batch.start'), firsts: numbers('batch.first'), buffers: numbers('batch.buffers') }
}
