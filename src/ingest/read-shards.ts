import type { Quarantined } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import type { PackedClip } from '../store/index.ts'
import type { PlanItem } from './adapter.ts'
import type { ItemReader } from './item-reader.ts'
import type { ReadItem } from './read-item.ts'

export type IngestProgress = { readonly done: number; readonly total: number; readonly quarantined: number }
export type ReadOptions = {
  readonly onBad?: 'quarantine' | 'fail'
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: IngestProgress) => void
}
/** Items by shard, in the order they are read. */
type Shards = ReadonlyMap<string, readonly PlanItem[]>
type WriteShard = (shard: string, clips: readonly PackedClip[]) => Promise<void>
/** One waits for the disk while the other is packed. */
const SHARDS_WRITTEN_AT_ONCE = 2
const HINT = 'without --on-bad fail, files like this are set aside and listed'

/**
 * Reads each shard while those before it are written; answers with what could not be read. In memory: two being written, one read, one being read.
 * Throws the first bad file's own error with `onBad: 'fail'`, and the signal's reason.
 */
export async function readShards(reader: ItemReader, shards: Shards, write: WriteShard, options: ReadOptions): Promise<Quarantined[]> {
  const { signal, onBad, onProgress } = options
  const quarantined: Quarantined[] = []
  const total = [...shards.values()].reduce((sum, items) => sum + items.length, 0)
  let done = 0
  const onRead = (item: ReadItem): void => {
    if ('code' in item) {
      if (onBad === 'fail') throw new ToolkitError(item.code, `${item.source}: ${item.message}`, { hint: HINT })
      quarantined.push(item)
    }
    onProgress?.({ done: ++done, total, quarantined: quarantined.length })
  }
  const names = [...shards.keys()]
  const readShard = (index: number): Promise<ReadItem[]> => handled(reader.read(shards.get(names[index] ?? '') ?? [], { signal, onRead }))
  const writing: Promise<void>[] = []
  let reading = readShard(0)
  try {
    for (const [index, shard] of names.entries()) {
      const read = await reading
      reading = readShard(index + 1)
      if (writing.length === SHARDS_WRITTEN_AT_ONCE) await writing.shift()
      const clips = read.filter((item) => 'words' in item)
      if (clips.length > 0) writing.push(handled(write(shard, clips)))
    }
  } finally {
    await Promise.all(writing)
  }
  signal?.throwIfAborted()
  return quarantined
}

/** A promise that is awaited later: until then its failure is nobody's. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
