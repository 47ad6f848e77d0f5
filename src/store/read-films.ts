import { join } from 'node:path'
import type { Value } from './canonical.ts'
import { type Duck, literal } from './duckdb.ts'
import { grouped } from './grouped.ts'
import { openImages } from './image-file.ts'
import type { ShardRef } from './manifest.ts'
import { hashFilm, type PackedFilm } from './pack-film.ts'
import { readPacked } from './read-packed.ts'
import { readRows } from './read-parquet.ts'
import { columnsOf, type Layout, type TableName } from './schema.ts'

const FILM = columnsOf('clips').findIndex(({ name }) => name === 'film')
const imageColumns = columnsOf('images')
const [BYTES, FILE, OFFSET] = ['bytes', 'file', 'offset'].map((name) => imageColumns.findIndex((column) => column.name === name)) as [number, number, number]

/** Films of a shard as they rest, in the order of `ids` (left out: all, in order of id), with the image files that are embedded. */
export async function* readFilms(duck: Duck, folder: string, { shard, layouts, ids }: { shard: ShardRef; layouts: readonly Layout[]; ids?: readonly string[] }): AsyncGenerator<PackedFilm> {
  const clips = await readPacked(duck, folder, layouts, [shard])
  const films = grouped(await imageRows(duck, folder, shard), ([film]) => String(film))
  const proxies = grouped(await readRows(duck, { files: filesOf(folder, shard, 'proxies') }, columnsOf('proxies')), ([film]) => String(film))
  for (const id of ids ?? [...new Set([...clips.map((clip) => String(clip.clip[FILM])), ...films.keys()])].sort()) {
    const rows = films.get(id) ?? []
    const images = rows.map((row) => row.slice(1, -2))
    const [proxy] = (proxies.get(id) ?? []).map(([, frames, file]) => ({ frames: Number(frames), file: join(folder, 'shards', String(file)) }))
    yield {
      id, clips: clips.filter((clip) => clip.clip[FILM] === id), images, pictures: await picturesOf(folder, rows), proxy: proxy ?? null,
      hash: hashFilm(id, images, proxy?.frames ?? null),
    }
  }
}

/** The rows of the table of images, in order of film and frame. */
export async function imageRows(duck: Duck, folder: string, shard: ShardRef, film?: string): Promise<Value[][]> {
  return readRows(duck, { files: filesOf(folder, shard, 'images'), ...(film === undefined ? {} : { where: `film = ${literal(film)}` }) }, imageColumns)
}

function filesOf(folder: string, shard: ShardRef, table: TableName): string[] {
  return shard.files.filter((ref) => ref.table === table).map(({ file }) => join(folder, 'shards', file))
}

async function picturesOf(folder: string, rows: readonly (readonly Value[])[]): Promise<Uint8Array | null> {
  const embedded = rows.filter((row) => row[FILE] !== null)
  if (embedded.length === 0) return null
  const images = await openImages(join(folder, 'shards', String(embedded[0]![FILE])))
  try {
    const parts = []
    for (const row of embedded) parts.push(await images.read({ offset: Number(row[OFFSET]), bytes: Number(row[BYTES]) }))
    return Buffer.concat(parts)
  } finally {
    await images.close()
  }
}
