import { join } from 'node:path'
import { ABSENT, type Clip } from '../clip.ts'
import type { Hash } from '../hash.ts'
import { REST_FOLDER } from '../store/export-files.ts'
import { type Manifest, openStoreWriter, shardBits } from '../store/index.ts'
import { packClip } from '../store/pack-clip.ts'
import { packFilm } from '../store/pack-film.ts'
import { shardOf } from '../store/shards.ts'
import type { StoredFilm } from '../store/stream-films.ts'

/** What the format has no room for, being written. */
export type Rest = {
  /** Takes a film, in the order in which they are streamed; of its clips `restOf` them. */
  add(film: StoredFilm): Promise<void>
  finish(): Promise<void>
  close(): Promise<void>
}

type RestOptions = {
  /** How many films will come, and how many of them share a shard on average, at most. */
  readonly films: number
  readonly filmsPerShard: number
  /** The whole data set is exported, and what of it could not be read goes along. */
  readonly isWhole: boolean
  /** Hash of the catalog's entry. */
  readonly entry: Hash
}

/** The store, inside an export, of what its format has no room for; one shard is in memory at a time. */
export async function openRestStore(dir: string, source: Manifest, { films, filmsPerShard, isWhole, entry }: RestOptions): Promise<Rest> {
  const { dataset } = source
  const bits = shardBits(films, filmsPerShard)
  const writer = await openStoreWriter({ storeDir: join(dir, REST_FOLDER), dataset })
  let current: { readonly name: string; readonly shard: ReturnType<typeof writer.openShard>; readonly films: string[] } | null = null
  const finishShard = async (): Promise<void> => {
    if (current !== null) await current.shard.finish(current.films.map((id) => ({ id, fingerprint: null, quarantined: [] })), null)
    current = null
  }
  return {
    async add({ id, clips, images }) {
      const name = shardOf(id, bits)
      if (current !== null && current.name !== name) await finishShard()
      current ??= { name, shard: writer.openShard(name), films: [] }
      const packed = clips.map(({ clip, layout }) => packClip(clip, layout.joints))
      await current.shard.add(packFilm(id, packed, { images, proxy: null }))
      current.films.push(id)
    },
    async finish() {
      await finishShard()
      await writer.commit({ shardBits: bits, quarantined: isWhole ? source.quarantine : [], complete: isWhole && source.complete, entry })
    },
    close: () => writer.close(),
  }
}

/** A clip without the coordinates of joints that are there, which every format holds, and without their confidence where the format holds that. */
export function restOf(clip: Clip, holdsConfidence: boolean): Clip {
  if (clip.keypoints === null) return clip
  const { dims } = clip
  const [keypoints, raw] = [clip.keypoints.slice(), clip.raw!.slice()]
  clip.states!.forEach((state, cell) => {
    if (state === ABSENT) return
    raw.fill(NaN, cell * dims, (cell + 1) * dims)
    if (holdsConfidence) keypoints[cell * (dims + 1) + dims] = NaN
  })
  return { ...clip, keypoints, raw }
}
