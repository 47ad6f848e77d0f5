import type { Clip } from '../clip.ts'
import { filmOf } from '../film.ts'
import { type Hash, sha256 } from '../hash.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { grouped } from './grouped.ts'
import { datasetFolder, type Manifest } from './manifest.ts'
import { toClip } from './read-clips.ts'
import { imageRows } from './read-films.ts'
import { type StoredImage, toImage } from './read-images.ts'
import { readPacked } from './read-packed.ts'
import type { Layout } from './schema.ts'

/** A clip with its raw coordinates, the hash it rests under and the layout of its frames. */
export type StoredClip = { readonly clip: Clip; readonly hash: Hash; readonly layout: Layout }
/** A film's clips, by id, and its pictures without their bytes, in order of frame. */
export type StoredFilm = { readonly id: string; readonly clips: readonly StoredClip[]; readonly images: readonly StoredImage[] }

/** The films of a version, one shard in memory at a time, in the order of sha256(film): the same for the same films, into however many shards they went. */
export async function* streamFilms(storeDir: string, manifest: Manifest): AsyncGenerator<StoredFilm> {
  const duck = await openDuck()
  try {
    for (const { shard } of manifest.shards) yield* await readShardFilms(duck, storeDir, manifest, shard)
  } finally {
    duck.close()
  }
}

/** The films of one shard, in that order; none when there is no such shard. */
export async function readShardFilms(duck: Duck, storeDir: string, { dataset, shards, schema }: Manifest, name: string): Promise<StoredFilm[]> {
  const folder = datasetFolder(storeDir, dataset)
  const shard = shards.find(({ shard }) => shard === name)
  if (shard === undefined) return []
  const films = grouped(await readPacked(duck, folder, schema.layouts, [shard]), ({ id }) => filmOf(id))
  const images = grouped(await imageRows(duck, folder, shard), ([film]) => String(film))
  return inOrderOfHash([...films.keys()]).map((id) => {
    const clips = films.get(id)!.map((packed) => ({ clip: toClip(packed, true), hash: packed.hash, layout: packed.layout }))
    return { id, clips, images: (images.get(id) ?? []).map(toImage) }
  })
}

/** Films in the order of sha256(film). */
export function inOrderOfHash(ids: readonly string[]): string[] {
  return ids.map((id) => ({ id, hash: sha256(id) })).sort((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ id }) => id)
}
