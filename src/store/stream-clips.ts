import type { Clip } from '../clip.ts'
import { filmOf } from '../film.ts'
import { withDuck } from './duckdb.ts'
import { grouped } from './grouped.ts'
import { datasetFolder, type Manifest } from './manifest.ts'
import type { PackedClip } from './pack-clip.ts'
import { toClip, unknownClip } from './read-clips.ts'
import { readPacked } from './read-packed.ts'
import { byId, shardOf } from './shards.ts'
import { inOrderOfHash } from './stream-films.ts'

/**
 * Clips of a version, all or those named, without `raw`: one shard in memory at a time, in the order of sha256(film), then of id, which is the same into however
 * many shards they went. Throws E_CLIP_UNKNOWN, at the end, for an id that the version does not hold, and what `trustFiles` throws.
 */
export async function* streamClips(storeDir: string, { dataset, shards, shardBits, schema }: Manifest, ids: ReadonlySet<string> | null = null): AsyncGenerator<Clip> {
  const wanted = ids === null ? null : new Set([...ids].map((id) => shardOf(id, shardBits)))
  const missing = new Set(ids)
  for (const shard of shards.filter(({ shard }) => wanted === null || wanted.has(shard))) {
    const packed = await withDuck((duck) => readPacked(duck, datasetFolder(storeDir, dataset), schema.layouts, [shard]))
    for (const clip of inOrder(packed.filter(({ id }) => ids === null || ids.has(id)))) {
      missing.delete(clip.id)
      yield toClip(clip, false)
    }
  }
  const [unknown] = missing
  if (unknown !== undefined) throw unknownClip(unknown)
}

function inOrder(clips: readonly PackedClip[]): PackedClip[] {
  const films = grouped(clips, ({ id }) => filmOf(id))
  return inOrderOfHash([...films.keys()]).flatMap((film) => films.get(film)!.sort(byId))
}
