import type { Clip, Quarantined } from '../clip.ts'
import { type Hash, sha256 } from '../hash.ts'
import type { Manifest } from './manifest.ts'
import { packClip } from './pack-clip.ts'
import { byId, groupByShard, shardBits } from './shards.ts'
import { openStoreWriter, type StorePlace } from './write-store.ts'

type Contents = { readonly clips: readonly Clip[]; readonly quarantined?: readonly Quarantined[]; readonly complete?: boolean; readonly entry?: Hash }

/** Writes a whole data set out of clips at hand, as ingest does out of files. */
export async function writeClips(place: StorePlace & Contents): Promise<Manifest> {
  const quarantined = place.quarantined ?? []
  const bits = shardBits(place.clips.length + quarantined.length)
  const shards = groupByShard(place.clips.toSorted(byId), bits)
  const writer = await openStoreWriter(place)
  try {
    for (const [shard, clips] of shards) await writer.addShard(shard, clips.map((clip) => packClip(clip, place.schema)))
    return await writer.commit({ shardBits: bits, quarantined, complete: place.complete ?? true, entry: place.entry ?? sha256('') })
  } finally {
    await writer.close()
  }
}
