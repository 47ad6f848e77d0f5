import type { Clip, Quarantined } from '../clip.ts'
import { filmOf } from '../film.ts'
import { type Hash, sha256 } from '../hash.ts'
import type { Skeleton } from '../skeleton.ts'
import { grouped } from './grouped.ts'
import type { Manifest } from './manifest.ts'
import { packClip } from './pack-clip.ts'
import { packFilm } from './pack-film.ts'
import type { Precision } from './schema.ts'
import { byId, groupByShard, shardBits } from './shards.ts'
import { openStoreWriter, type StorePlace } from './write-store.ts'

type Contents = {
  readonly clips: readonly Clip[]
  /** Those that the clips name. */
  readonly skeletons: readonly Pick<Skeleton, 'name' | 'joints'>[]
  readonly quarantined?: readonly Quarantined[]
  readonly complete?: boolean
  readonly entry?: Hash
  readonly precision?: Precision
  /** How many bits of a film's hash name its shard; left out: as many as its number of films asks for. */
  readonly bits?: number
}

/** Writes a whole data set out of clips at hand, as ingest does out of files. */
export async function writeClips(place: StorePlace & Contents): Promise<Manifest> {
  const films = grouped(place.clips.toSorted(byId), ({ id }) => filmOf(id))
  const joints = (clip: Clip): readonly string[] => place.skeletons.find(({ name }) => name === clip.skeleton)?.joints ?? []
  const bits = place.bits ?? shardBits(films.size)
  const shards = groupByShard([...films.keys()].map((id) => ({ id })), bits)
  const writer = await openStoreWriter(place)
  try {
    for (const [name, members] of shards) {
      const shard = writer.openShard(name)
      for (const { id } of members) await shard.add(packFilm(id, films.get(id)!.map((clip) => packClip(clip, joints(clip), place.precision)), { images: null, proxy: null }))
      await shard.finish(members.map(({ id }) => ({ id, fingerprint: null, quarantined: [] })), null)
    }
    return await writer.commit({ shardBits: bits, quarantined: place.quarantined ?? [], complete: place.complete ?? true, entry: place.entry ?? sha256('') })
  } finally {
    await writer.close()
  }
}
