import type { Clip } from '../clip.ts'
import { filmOf } from '../film.ts'
import { openDuck } from './duckdb.ts'
import { grouped } from './grouped.ts'
import { datasetFolder, type Manifest, type ShardRef } from './manifest.ts'
import type { PackedClip } from './pack-clip.ts'
import { toClip, unknownClip } from './read-clips.ts'
import { readPacked } from './read-packed.ts'
import { byId, shardOf } from './shards.ts'
import { inOrderOfHash } from './stream-films.ts'

/**
 * Clips of a version, all or those named, without `raw`: a few shards in memory at a time, in the order of sha256(film), then of id, which is the same into however
 * many shards they went. Throws E_CLIP_UNKNOWN, at the end, for an id that the version does not hold, and what `trustFiles` throws.
 */
export async function* streamClips(storeDir: string, { dataset, shards, shardBits, schema }: Manifest, ids: ReadonlySet<string> | null = null): AsyncGenerator<Clip> {
  const wanted = ids === null ? null : new Set([...ids].map((id) => shardOf(id, shardBits)))
  const missing = new Set(ids)
  const duck = await openDuck()
  try {
    for (const some of together(shards.filter(({ shard }) => wanted === null || wanted.has(shard)))) {
      const packed = await readPacked(duck, datasetFolder(storeDir, dataset), schema.layouts, some)
      for (const clip of inOrder(packed.filter(({ id }) => ids === null || ids.has(id)))) {
        missing.delete(clip.id)
        yield toClip(clip, false)
      }
    }
  } finally {
    duck.close()
  }
  const [unknown] = missing
  if (unknown !== undefined) throw unknownClip(unknown)
}

/** Rows of frames that are read at a time, unless one shard has more: a query costs some ms, whatever it reads. */
const ROWS = 2 ** 16

/** Neighbours that have so many rows together. */
function together(shards: readonly ShardRef[]): ShardRef[][] {
  const groups: { shards: ShardRef[]; rows: number }[] = []
  for (const shard of shards) {
    const rows = shard.files.reduce((sum, { table, rows }) => sum + (table === 'frames' ? rows : 0), 0)
    const last = groups.at(-1)
    if (last === undefined || last.rows + rows > ROWS) groups.push({ shards: [shard], rows })
    else {
      last.shards.push(shard)
      last.rows += rows
    }
  }
  return groups.map(({ shards }) => shards)
}

function inOrder(clips: readonly PackedClip[]): PackedClip[] {
  const films = grouped(clips, ({ id }) => filmOf(id))
  return inOrderOfHash([...films.keys()]).flatMap((film) => films.get(film)!.sort(byId))
}
