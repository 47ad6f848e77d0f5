import { basename, join } from 'node:path'
import type { ToolkitError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import type { Value } from './canonical.ts'
import { type Duck, literal } from './duckdb.ts'
import { grouped } from './grouped.ts'
import { openImages } from './image-file.ts'
import type { ShardRef } from './manifest.ts'
import { hashFilm, type PackedFilm } from './pack-film.ts'
import { readPacked } from './read-packed.ts'
import { readRows } from './read-parquet.ts'
import { columnsOf, type Layout, type TableName } from './schema.ts'
import { damaged, trustFiles } from './trusted-file.ts'

const FILM = columnsOf('clips').findIndex(({ name }) => name === 'film')
const imageColumns = columnsOf('images')
const [FRAME, HASH, BYTES, FILE, OFFSET] = ['frame', 'hash', 'bytes', 'file', 'offset'].map((name) => imageColumns.findIndex((column) => column.name === name)) as [number, number, number, number, number]

export type FilmSource = {
  readonly shard: ShardRef
  readonly layouts: readonly Layout[]
  /** Left out: all. */
  readonly ids?: readonly string[]
  /** Gives out pictures that have changed, too. */
  readonly anyPictures?: boolean
}

/**
 * Films of a shard as they rest, in the order of `ids`, else in order of id, with the image files that are embedded. Throws E_FILE_CHANGED for tables, proxies
 * and pictures that are not as they were written.
 */
export async function* readFilms(duck: Duck, folder: string, { shard, layouts, ids, anyPictures = false }: FilmSource): AsyncGenerator<PackedFilm> {
  const clips = await readPacked(duck, folder, layouts, [shard])
  await trustFiles(folder, [shard], ({ table, file }) => table === 'proxies' || file.endsWith('.mp4'))
  const films = grouped(await imageRows(duck, folder, shard), ([film]) => String(film))
  const proxies = grouped(await readRows(duck, { files: filesOf(folder, shard, 'proxies') }, columnsOf('proxies')), ([film]) => String(film))
  for (const id of ids ?? [...new Set([...clips.map((clip) => String(clip.clip[FILM])), ...films.keys()])].sort()) {
    const rows = films.get(id) ?? []
    const images = rows.map((row) => row.slice(1, -2))
    const [proxy] = (proxies.get(id) ?? []).map(([, frames, file]) => ({ frames: Number(frames), file: join(folder, 'shards', String(file)) }))
    const members = clips.filter((clip) => clip.clip[FILM] === id)
    const pictures = await picturesOf(folder, rows, anyPictures ? null : members)
    yield { id, clips: members, images, pictures, proxy: proxy ?? null, hash: hashFilm(id, images, proxy?.frames ?? null) }
  }
}

/** The rows of the table of images, in order of film and frame. Throws what `trustFiles` throws. */
export async function imageRows(duck: Duck, folder: string, shard: ShardRef, film?: string): Promise<Value[][]> {
  await trustFiles(folder, [shard], ({ table }) => table === 'images')
  return readRows(duck, { files: filesOf(folder, shard, 'images'), ...(film === undefined ? {} : { where: `film = ${literal(film)}` }) }, imageColumns)
}

function filesOf(folder: string, shard: ShardRef, table: TableName): string[] {
  return shard.files.filter((ref) => ref.table === table).map(({ file }) => join(folder, 'shards', file))
}

/** `clips` = those that changed pictures are reported with; null = they are given out as they are. */
async function picturesOf(folder: string, rows: readonly (readonly Value[])[], clips: readonly { readonly id: string }[] | null): Promise<Uint8Array | null> {
  const embedded = rows.filter((row) => row[FILE] !== null)
  if (embedded.length === 0) return null
  const file = `shards/${String(embedded[0]![FILE])}`
  const images = await openImages(join(folder, file))
  try {
    const parts = []
    for (const row of embedded) {
      const picture = await images.read({ offset: Number(row[OFFSET]), bytes: Number(row[BYTES]) })
      if (clips !== null && !isPicture(picture, String(row[HASH]))) throw changedPicture(basename(folder), file, Number(row[FRAME]), clips.map(({ id }) => id))
      parts.push(picture)
    }
    return Buffer.concat(parts)
  } finally {
    await images.close()
  }
}

/** Whether an image file has the hash that the table of images says. */
export function isPicture(bytes: Uint8Array, hash: string): boolean {
  return `sha256:${sha256(bytes)}` === hash
}

/** The refusal to give out a picture. */
export function changedPicture(dataset: string, file: string, frame: number, clips: readonly string[] | null): ToolkitError {
  return damaged(dataset, file, { code: 'E_FILE_CHANGED', message: `the picture of frame ${frame} does not have the sha256 it was written with` }, clips)
}
