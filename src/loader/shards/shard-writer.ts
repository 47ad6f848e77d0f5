import { join } from 'node:path'
import type { RecordBatch } from 'apache-arrow'
import type { Clip } from '../../clip.ts'
import { sha256 } from '../../hash.ts'
import { recordBatchOf } from './arrow-batch.ts'
import type { EntryFile } from './entry.ts'
import type { IndexWriter } from './index-writer.ts'
import { shardFileOf } from './shard-file.ts'
import { shardName } from './shard-name.ts'
import { writeDurably } from './write-durably.ts'

/** A batch ends with this many clips, or when it has this many bytes: it is what is hashed at the first use of any of its clips. */
const BATCH_CLIPS = 32
const BATCH_BYTES = 2 ** 19
/** A shard ends with the batch that fills it: it is what is written, and made anew, at a time. */
const SHARD_BYTES = 2 ** 24

/** Takes clips in the order in which they are to lie; one shard is in memory at a time. */
export type ShardWriter = {
  add(clip: Clip): Promise<void>
  /** The files that were written. */
  finish(): Promise<readonly EntryFile[]>
}

/** Writes clips as shards into a folder, and what the index has to say of them into `index`. */
export function createShardWriter(folder: string, index: IndexWriter): ShardWriter {
  const files: EntryFile[] = []
  let [clips, clipBytes]: [Clip[], number] = [[], 0]
  let [batches, shardBytes]: [RecordBatch[], number] = [[], 0]
  let batchNumber = 0

  function endBatch(): void {
    if (clips.length === 0) return
    clips.forEach((clip, place) => index.addClip(clip, batchNumber, place))
    batches.push(recordBatchOf(clips))
    batchNumber++
    shardBytes += clipBytes
    ;[clips, clipBytes] = [[], 0]
  }

  async function endShard(): Promise<void> {
    if (batches.length === 0) return
    const { bytes, batches: places } = shardFileOf(batches)
    places.forEach((place, at) => index.addBatch(files.length, place, batches[at]!.numRows))
    const file = shardName(files.length)
    await writeDurably(join(folder, file), [bytes])
    files.push({ file, bytes: bytes.length, sha256: sha256(bytes) })
    ;[batches, shardBytes] = [[], 0]
  }

  return {
    async add(clip) {
      clips.push(clip)
      clipBytes += bytesOf(clip)
      if (clips.length === BATCH_CLIPS || clipBytes >= BATCH_BYTES) endBatch()
      if (shardBytes >= SHARD_BYTES) await endShard()
    },
    async finish() {
      endBatch()
      await endShard()
      return files
    },
  }
}

function bytesOf({ keypoints, states, time, boxes, signals }: Clip): number {
  return [keypoints, states, time, boxes, signals?.values].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0)
}
