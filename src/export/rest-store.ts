import { join } from 'node:path'
import { ABSENT, type Clip } from '../clip.ts'
import { REST_FOLDER } from '../store/export-files.ts'
import { type Manifest, openStoreWriter } from '../store/index.ts'
import { packClip } from '../store/pack-clip.ts'
import { packFilm } from '../store/pack-film.ts'
import { shardOf } from '../store/shards.ts'
import type { StoredFilm } from '../store/stream-films.ts'

type Rest = {
  /** Takes a film, in the order in which they are streamed; of its clips `restOf` them. */
  add(film: StoredFilm): Promise<void>
  finish(): Promise<void>
  close(): Promise<void>
}

/**
 * The store, inside an export of so many films, of what its format has no room for: shards about as large as those of the store it came from, one in memory at
 * a time. `isWhole`: the whole data set is exported, and what it could not read with it.
 */
export async function openRestStore(dir: string, source: Manifest, { films, isWhole }: { films: number; isWhole: boolean }): Promise<Rest> {
  const { dataset, entry } = source
  const shardBits = Math.max(0, source.shardBits - Math.floor(Math.log2(source.counts.films / films)))
  const writer = await openStoreWriter({ storeDir: join(dir, REST_FOLDER), dataset })
  let current: { readonly name: string; readonly shard: ReturnType<typeof writer.openShard>; readonly films: string[] } | null = null
  const finishShard = async (): Promise<void> => {
    if (current !== null) await current.shard.finish(current.films.map((id) => ({ id, fingerprint: null, quarantined: [] })), null)
    current = null
  }
  return {
    async add({ id, clips, images }) {
      const name = shardOf(id, shardBits)
      if (current !== null && current.name !== name) await finishShard()
      current ??= { name, shard: writer.openShard(name), films: [] }
      const packed = clips.map(({ clip, layout }) => packClip(clip, layout.joints))
      await current.shard.add(packFilm(id, packed, { images, proxy: null }))
      current.films.push(id)
    },
    async finish() {
      await finishShard()
      await writer.commit({ shardBits, quarantined: isWhole ? source.quarantine : [], complete: isWhole && source.complete, entry })
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
