import { join } from 'node:path'
import type { Quarantined } from '../clip.ts'
import { type Hash, sha256 } from '../hash.ts'
import type { Value } from './canonical.ts'
import type { Disk } from './disk.ts'
import { syncFile } from './durable.ts'
import { type ImageFileWriter, openImageFile } from './image-file.ts'
import type { ShardRef } from './manifest.ts'
import { merkleRoot } from './merkle.ts'
import { type PackedFilm, picturesOf } from './pack-film.ts'
import type { Receipt } from './receipts.ts'
import { columnsOf, type FileRef } from './schema.ts'
import { clipTablesOf, layoutsOf, rowTable, type ShardTable } from './shard-tables.ts'
import { byId, shardFile } from './shards.ts'
import type { WriteParquet } from './write-parquet.ts'

/** One shard being written: films in order of id, then all at once. */
export type ShardWriter = {
  /** Takes a film; embedded pictures go to disk at once. */
  add(film: PackedFilm): Promise<void>
  /** Writes the tables. `items` says of every film that was asked for what it was read from and what was wrong with it. */
  finish(items: readonly ShardItem[]): Promise<Pick<Receipt, 'items' | 'layouts' | 'shard'>>
  /** Lets go of what is open. */
  abort(): Promise<void>
}
export type ShardItem = { readonly id: string; readonly fingerprint: string | null; readonly quarantined: readonly Quarantined[] }

export type ShardPlace = {
  readonly disk: Disk
  readonly dataset: string
  readonly staging: string
  readonly shardsFolder: string
  /** Part of every file's name. */
  readonly writer: string
  readonly write: WriteParquet
  /** A file that an earlier ingest left there, whole and known by its hash; it need not be written again. */
  readonly kept: (file: string) => FileRef | undefined
}

export function openShard(shard: string, place: ShardPlace): ShardWriter {
  const { disk, dataset, staging, shardsFolder, writer, write, kept } = place
  const metadata = { posetta: 'store 2', dataset, shard }
  const films: PackedFilm[] = []
  const draft = join(staging, `pictures-${shard}.parquet`)
  let pictures: ImageFileWriter | null = null

  async function add(film: PackedFilm): Promise<void> {
    const images = picturesOf(film).flatMap((image, at) => (image === null ? [] : [{ frame: Number(film.images[at]![0]), image }]))
    if (images.length > 0) {
      pictures ??= await openImageFile(draft, { metadata, disk })
      await pictures.add(film.id, images)
    }
    films.push({ ...film, pictures: null })
  }

  async function finish(items: readonly ShardItem[]): Promise<Pick<Receipt, 'items' | 'layouts' | 'shard'>> {
    const clips = films.flatMap((film) => film.clips).toSorted(byId)
    const layouts = layoutsOf(clips)
    const done = items.map((item) => receiptItem(item, films.find(({ id }) => id === item.id)))
    if (films.length === 0) return { items: done, layouts: [], shard: null }
    const root = merkleRoot([...clips.map(({ hash }) => hash), ...films.toSorted(byId).flatMap(({ hash }) => (hash === null ? [] : [hash]))])
    const stored = await allOf(clipTablesOf(clips, { ...metadata, root }).map((table) => addTable(table, root)))
    const proxies = await addProxies()
    const images = await addPictures(root)
    const tables = await allOf([...images.tables, ...proxies.tables].map((table) => addTable(table, root, proxies.files.map(({ sha256 }) => sha256).join(' '))))
    const ref: ShardRef = { shard, root, clips: clips.length, films: films.length, files: [...stored, ...tables, ...images.files, ...proxies.files] }
    return { items: done, layouts: layouts as Receipt['layouts'], shard: ref }
  }

  async function addTable({ name, layout, table }: ShardTable, root: Hash, beside = ''): Promise<FileRef> {
    const file = shardFile(name, layout, shard, root, writer, beside)
    const known = kept(file)
    if (known !== undefined) return known
    const path = join(staging, file)
    await disk.writtenBy(path, () => write(path, table))
    await syncFile(path, disk)
    const bytes = await disk.readFile(path)
    await disk.rename(path, join(shardsFolder, file))
    return { table: name, layout, file, rows: table.rows, bytes: bytes.length, sha256: sha256(bytes) }
  }

  /** The image file takes its name from the root, and the table of images says where in it each one lies. */
  async function addPictures(root: Hash): Promise<{ tables: ShardTable[]; files: FileRef[] }> {
    const rows = films.flatMap((film) => film.images.map((row): Value[] => [film.id, ...row]))
    if (rows.length === 0) return { tables: [], files: [] }
    const table = (placed: readonly Value[][]): ShardTable => ({ name: 'images', layout: null, table: rowTable(columnsOf('images'), placed, { ...metadata, root }) })
    if (pictures === null) return { tables: [table(rows.map((row) => [...row, null, null]))], files: [] }
    const file = shardFile('pictures', null, shard, root, writer)
    const { rows: count, bytes, sha256: hash, offsets } = await pictures.close()
    pictures = null
    await syncFile(draft, disk)
    await disk.rename(draft, join(shardsFolder, file))
    let at = 0
    const placed = rows.map((row) => (row.at(-1) === true ? [...row, file, offsets[at++]!] : [...row, null, null]))
    return { tables: [table(placed)], files: [{ table: 'pictures', layout: null, file, rows: count, bytes, sha256: hash }] }
  }

  async function addProxies(): Promise<{ tables: ShardTable[]; files: FileRef[] }> {
    const files: FileRef[] = []
    const rows: Value[][] = []
    for (const { id, proxy } of films) {
      if (proxy === null) continue
      const content = await disk.readFile(proxy.file)
      const file = `proxy-${sha256(id).slice(0, 16)}-${sha256(content).slice(0, 16)}.mp4`
      if (proxy.file !== join(shardsFolder, file)) {
        await syncFile(proxy.file, disk)
        await disk.rename(proxy.file, join(shardsFolder, file))
      }
      files.push({ table: 'pictures', layout: null, file, rows: proxy.frames, bytes: content.length, sha256: sha256(content) })
      rows.push([id, proxy.frames, file, content.length, sha256(content)])
    }
    return { tables: rows.length === 0 ? [] : [{ name: 'proxies', layout: null, table: rowTable(columnsOf('proxies'), rows, metadata) }], files }
  }

  return { add, finish, abort: async () => pictures?.abort() }
}

/** All of the work, or the first failure once none of it is under way any more: DuckDB must not be closed before. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

/** What a receipt says of a film. */
export function receiptItem({ id, fingerprint, quarantined }: ShardItem, film: PackedFilm | undefined): Receipt['items'][number] {
  const clips = (film?.clips ?? []).map(({ id, hash, clip }) => ({
    id, hash, group: String(clip[GROUP]), frames: Number(clip[FRAMES]), side: clip[SIDE] === null ? null : String(clip[SIDE]) }))
  return { id, fingerprint, clips, images: film?.images.length ?? 0, film: film?.hash ?? null, quarantined: [...quarantined] }
}

const [GROUP, FRAMES, SIDE] = ['group_id', 'n_frames', 'official_split'].map((name) => columnsOf('clips').findIndex((column) => column.name === name)) as [number, number, number]

