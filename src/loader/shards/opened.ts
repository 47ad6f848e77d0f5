import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../../hash.ts'
import { type KernelMemory, kernelMemory, mostKept } from '../kernel-memory.ts'
import type { Entry } from './entry.ts'
import { LISTS } from './index-layout.ts'

/** An entry that is open, as plain data that crosses threads: what one thread has read and checked, all have. */
export type OpenedShards = {
  readonly folder: string
  readonly entry: Entry
  /** The index file; a section is there once `sound` says so. */
  readonly index: SharedArrayBuffer
  /** The shards that are kept in memory, byte for byte: where each begins in `kept`, or memory of its own where that is full; null = read from disk each time. A block is there once `sound` says so. */
  readonly resident: readonly (number | SharedArrayBuffer | null)[]
  readonly kept: KernelMemory
  /** Int32: for each batch and each of LISTS where the values of each clip begin and the last end. */
  readonly offsets: SharedArrayBuffer
  /** Int32 per section of the index, then one per batch: not 0 = read in this process, and it had its sha256; of a batch the stamp of its file as it was then. */
  readonly sound: SharedArrayBuffer
}

/** Opens an entry without reading any of it; shards are kept in memory as long as they fit into so many bytes. */
export function openEntry(folder: string, entry: Entry, memoryBytes: number): OpenedShards {
  let [left, next] = [memoryBytes, 0]
  const resident = entry.shards.map(({ bytes }) => {
    left -= bytes
    if (left < 0) return null
    if (next + bytes > mostKept) return new SharedArrayBuffer(bytes)
    const start = next
    next += Math.ceil(bytes / 64) * 64
    return start
  })
  return {
    folder, entry, resident, kept: kernelMemory(next), index: new SharedArrayBuffer(entry.index.bytes),
    offsets: new SharedArrayBuffer(4 * LISTS.length * (entry.clips + entry.batches)), sound: new SharedArrayBuffer(4 * (entry.sections.length + entry.batches)),
  }
}

/** Bytes of the shards that are kept in memory. */
export function residentBytes({ entry, resident }: OpenedShards): number {
  return entry.shards.reduce((sum, { bytes }, shard) => sum + (resident[shard] === null ? 0 : bytes), 0)
}

/** Reads the whole index at once; false = it is not as it was written, and nothing of it is taken. */
export async function loadIndex({ folder, entry, index, sound }: OpenedShards): Promise<boolean> {
  const bytes = await readFile(join(folder, entry.index.file)).catch(() => null)
  if (bytes === null || sha256(bytes) !== entry.index.sha256) return false
  new Uint8Array(index).set(bytes)
  new Int32Array(sound).fill(1, 0, entry.sections.length)
  return true
}
