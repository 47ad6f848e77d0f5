import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../../hash.ts'
import type { Entry } from './entry.ts'
import { LISTS } from './index-layout.ts'

/** An entry that is open, as plain data that crosses threads: what one thread has read and checked, all have. */
export type OpenedShards = {
  readonly folder: string
  readonly entry: Entry
  /** The index file; a section is there once `sound` says so. */
  readonly index: SharedArrayBuffer
  /** The shards that are kept in memory, byte for byte; null = read from disk each time. A block is there once `sound` says so. */
  readonly resident: readonly (SharedArrayBuffer | null)[]
  /** Int32: for each batch and each of LISTS where the values of each clip begin and the last end. */
  readonly offsets: SharedArrayBuffer
  /** A byte per section of the index, then one per batch: 1 = read in this process, and it had its sha256. */
  readonly sound: SharedArrayBuffer
}

/** Opens an entry without reading any of it; shards are kept in memory as long as they fit into so many bytes. */
export function openEntry(folder: string, entry: Entry, memoryBytes: number): OpenedShards {
  let left = memoryBytes
  const resident = entry.shards.map(({ bytes }) => {
    left -= bytes
    return left < 0 ? null : new SharedArrayBuffer(bytes)
  })
  return {
    folder, entry, resident, index: new SharedArrayBuffer(entry.index.bytes),
    offsets: new SharedArrayBuffer(4 * LISTS.length * (entry.clips + entry.batches)), sound: new SharedArrayBuffer(entry.sections.length + entry.batches),
  }
}

/** Reads the whole index at once; false = it is not as it was written, and nothing of it is taken. */
export async function loadIndex({ folder, entry, index, sound }: OpenedShards): Promise<boolean> {
  const bytes = await readFile(join(folder, entry.index.file)).catch(() => null)
  if (bytes === null || sha256(bytes) !== entry.index.sha256) return false
  new Uint8Array(index).set(bytes)
  new Uint8Array(sound).fill(1, 0, entry.sections.length)
  return true
}
