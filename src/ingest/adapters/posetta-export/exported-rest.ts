import { filmOf } from '../../../film.ts'
import { withDuck } from '../../../store/duckdb.ts'
import { REST_FOLDER } from '../../../store/export-files.ts'
import { type Manifest, readManifest } from '../../../store/index.ts'
import { shardOf } from '../../../store/shards.ts'
import { readShardFilms, type StoredFilm } from '../../../store/stream-films.ts'
import type { RawFolder } from '../../raw-folder.ts'

/** The manifest of what an export's format has no room for. */
export async function restManifest(raw: RawFolder, dataset: string): Promise<Manifest> {
  return readManifest(raw.full(REST_FOLDER), dataset)
}

type Slot = { readonly key: string; readonly films: ReadonlyMap<string, StoredFilm> }

/** Two, as the films of one shard of the new store lie in one or two shards here. The one used last comes first. */
let slots: Slot[] = []
const SLOTS = 2

/** A film as far as the format has no room for it. The shards read last are kept: films are asked for shard after shard. */
export async function restOfFilm(raw: RawFolder, dataset: string, film: string): Promise<StoredFilm> {
  const manifest = await restManifest(raw, dataset)
  const name = shardOf(filmOf(film), manifest.shardBits)
  const key = JSON.stringify([raw.full(REST_FOLDER), manifest.commit, name])
  const slot = slots.find((slot) => slot.key === key) ?? { key, films: await readShard(raw, manifest, name) }
  slots = [slot, ...slots.filter((other) => other !== slot)].slice(0, SLOTS)
  const found = slot.films.get(film)
  if (found === undefined) throw new Error(`the export's index names ${film}, and its shard ${name} has no such film`)
  return found
}

async function readShard(raw: RawFolder, manifest: Manifest, name: string): Promise<Map<string, StoredFilm>> {
  return withDuck(async (duck) => new Map((await readShardFilms(duck, raw.full(REST_FOLDER), manifest, name)).map((film) => [film.id, film])))
}
