import { join } from 'node:path'
import type { Quarantined } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { keptManifests, lostCommits, sweepCommits, writeCommit } from './commits.ts'
import { type Disk, realDisk } from './disk.ts'
import { duckVersion, openDuck } from './duckdb.ts'
import { makeFolder, syncFile, syncFolder, writeFailure } from './durable.ts'
import { hashFile } from './hash-file.ts'
import { lockFolder } from './lock.ts'
import { commitHash, datasetFolder, findManifest, type Manifest, type ShardRef, writeManifest } from './manifest.ts'
import { merkleRoot } from './merkle.ts'
import type { PackedFilm } from './pack-film.ts'
import { readFilms } from './read-films.ts'
import { readReceipts, type Receipt, writeReceipt } from './receipts.ts'
import { columnsOf, type FileRef, SCHEMA_VERSION } from './schema.ts'
import { layoutsOf, quarantineRow, rowHash, rowTable } from './shard-tables.ts'
import { openShard, type ShardItem, type ShardWriter } from './shard-writer.ts'
import { byId, shardFile } from './shards.ts'
import { allFiles, sweep } from './stored-files.ts'
import { LAYOUT, parquetWriter } from './write-parquet.ts'

export type StorePlace = {
  readonly storeDir: string
  readonly dataset: string
  /** `1-of-4`: parts of one work are written side by side, and none of them commits. */
  readonly part?: string
  readonly disk?: Disk
}

/** What a commit says beside the shards; `quarantined` belongs to no film. */
export type Commit = {
  readonly shardBits: number
  readonly quarantined: readonly Quarantined[]
  readonly complete: boolean
  readonly entry: Hash
  /** Left out: as before. */
  readonly withdrawn?: readonly string[]
}

/** A data set being written: shards in any order, then one commit. Nothing of it is seen, and nothing old is lost, before the commit. */
export type StoreWriter = {
  /** The newest commit there was; null = none. */
  readonly before: Manifest | null
  /** What earlier ingests have left, finished or not. */
  readonly receipts: ReadonlyMap<string, Receipt>
  /** A folder for drafts of proxies. */
  readonly scratch: string
  /** Takes a shard as its receipt says, or as it is given. */
  keepShard(shard: string, as?: Pick<Receipt, 'items' | 'layouts' | 'shard'>): void
  /** Writes a shard that no commit to come will have. */
  openLoose(shard: string): ShardWriter
  /** Begins a shard; `finish` may go on while the next one is begun. With `key` its receipt is kept. */
  openShard(shard: string): { add(film: PackedFilm): Promise<void>; finish(items: readonly ShardItem[], key: { key: Hash; bits: number } | null): Promise<void> }
  /** Whether the file of embedded pictures of an earlier shard is as it was written, looked at once; yes where there is none. */
  hasSoundPictures(shard: string): Promise<boolean>
  /** Films of earlier ingests, read back from the store with their pictures. */
  readBack(shard: string, ids: readonly string[]): AsyncGenerator<PackedFilm>
  commit(commit: Commit): Promise<Manifest>
  /** Lets go of the folder. Shards that were finished and not committed stay, for the next ingest to go on from. */
  close(): Promise<void>
}

/** Opens a data set for writing. Throws E_STORE_BUSY when another process does, E_STORE_READ_ONLY, E_DISK_FULL (as every call may). */
export async function openStoreWriter({ storeDir, dataset, part, disk = realDisk }: StorePlace): Promise<StoreWriter> {
  const folder = datasetFolder(storeDir, dataset)
  const [shardsFolder, receiptsFolder, staging] = [join(folder, 'shards'), join(folder, 'receipts'), join(folder, '.staging', part ?? 'all')]
  const unlock = await lockFolder(folder, { part: part ?? null, disk }).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  const { before, receipts } = await prepare().catch(async (error: unknown) => {
    await unlock().catch(() => {})
    throw writeFailure(error, storeDir)
  })
  const duck = await openDuck({ threads: 1 })
  const second = await duck.connect()
  const write = parquetWriter(duck, [second])
  const writer = `DuckDB ${duckVersion()}, ${LAYOUT}`
  const known = new Map([...receipts.values()].flatMap(({ shard }) => (shard?.files ?? []).map((ref): [string, FileRef] => [ref.file, ref])))
  const place = { disk, dataset, staging, shardsFolder, writer, write, kept: (file: string) => known.get(file) }
  const done = new Map<string, Pick<Receipt, 'items' | 'layouts' | 'shard'>>()
  const working = new Set<Promise<unknown>>()
  const open = new Set<ShardWriter>()
  let committed: Manifest | null = null

  async function prepare(): Promise<{ before: Manifest | null; receipts: Map<string, Receipt> }> {
    const manifest = await findManifest(storeDir, dataset, disk).catch((error: unknown) => {
      if (error instanceof ToolkitError && error.code === 'E_STORE_VERSION') return null
      throw error
    })
    for (const made of [shardsFolder, receiptsFolder]) await makeFolder(made, disk)
    await disk.rm(part === undefined ? join(folder, '.staging') : staging, { recursive: true, force: true })
    await makeFolder(staging, disk)
    const receipts = await readReceipts(folder, disk)
    if (part === undefined) await sweepShards(manifest, [...receipts.values()].map(({ shard }) => shard))
    return { before: manifest, receipts }
  }

  /** What must have ended before anything is closed or removed. */
  function underWay<T>(work: Promise<T>): Promise<T> {
    working.add(work)
    return work.finally(() => working.delete(work))
  }

  function openOne(shard: string): ReturnType<StoreWriter['openShard']> {
    const writing = openShard(shard, place)
    open.add(writing)
    const finish = async (items: readonly ShardItem[], key: { key: Hash; bits: number } | null): Promise<void> => {
      const finished = await writing.finish(items)
      await syncFolder(shardsFolder, disk)
      open.delete(writing)
      done.set(shard, finished)
      if (key !== null && finished.shard !== null) await writeReceipt(folder, shard, { format: 1, ...key, ...finished }, disk)
    }
    return { add: guarded((film) => underWay(writing.add(film))), finish: guarded((items, key) => underWay(finish(items, key))) }
  }

  function openLoose(shard: string): ShardWriter {
    const writing = openShard(shard, place)
    open.add(writing)
    return { ...writing, finish: (items) => writing.finish(items).finally(() => open.delete(writing)) }
  }

  async function* readBack(shard: string, ids: readonly string[]): AsyncGenerator<PackedFilm> {
    const receipt = receipts.get(shard)!
    if (receipt.shard !== null) yield* readFilms(duck, folder, { shard: receipt.shard, layouts: receipt.layouts, ids })
  }

  const sound = new Map<string, Promise<boolean>>()
  function hasSoundPictures(shard: string): Promise<boolean> {
    const known = sound.get(shard) ?? pictureFiles(receipts.get(shard)!).reduce(async (all, { file, sha256: expected }) =>
      await all && await hashFile(join(shardsFolder, file), disk) === expected, Promise.resolve(true))
    sound.set(shard, known)
    return known
  }

  async function commit({ shardBits, quarantined, complete, entry, withdrawn = before?.withdrawn ?? [] }: Commit): Promise<Manifest> {
    const shards = [...done.values()].flatMap(({ shard }) => (shard === null ? [] : [shard])).toSorted((a, b) => (a.shard < b.shard ? -1 : 1))
    const items = [...done.values()].flatMap((receipt) => receipt.items)
    const clips = items.flatMap((item) => item.clips).toSorted(byId)
    const quarantine = [...quarantined, ...items.flatMap((item) => item.quarantined)].toSorted(byPlace)
    const { root, quarantineFile } = await addQuarantine([...clips.map(({ hash }) => hash), ...filmHashes(items)], quarantine)
    const isSame = before?.root === root && before.entry === entry
    const parent = isSame ? before.parent : before?.commit ?? null
    const bytes = allFiles({ shards, quarantineFile }).reduce((sum, file) => sum + file.bytes, 0)
    const layouts = layoutsOf([...done.values()].flatMap((receipt) => receipt.layouts.map((layout) => ({ layout }))))
    const manifest: Manifest = {
      format: 1, dataset, root, commit: commitHash(root, parent, entry), parent, entry, complete,
      schema: { version: SCHEMA_VERSION, layouts: layouts as Manifest['schema']['layouts'] },
      writer, counts: { ...countOf(items), quarantined: quarantine.length, bytes }, shardBits, shards, quarantine, quarantineFile,
      tags: before?.tags ?? {}, migrations: before?.migrations ?? [], 
      history: before === null ? [] : isSame ? before.history : [before.commit, ...before.history], withdrawn: [...withdrawn], purged: [],
    }
    await syncFolder(shardsFolder, disk)
    if (before !== null && !isSame) await writeCommit(folder, before, disk)
    await writeCommit(folder, manifest, disk)
    await writeManifest(storeDir, manifest, disk)
    committed = manifest
    return manifest
  }

  async function addQuarantine(leaves: readonly Hash[], quarantine: readonly Quarantined[]): Promise<{ root: Hash; quarantineFile: FileRef | null }> {
    const columns = columnsOf('quarantine')
    const rows = quarantine.map((file) => quarantineRow(dataset, file))
    const root = merkleRoot([...leaves, ...rows.map((row) => rowHash(columns, row))])
    if (rows.length === 0) return { root, quarantineFile: null }
    const file = shardFile('quarantine', null, 'all', root, writer)
    const path = join(staging, file)
    await disk.writtenBy(path, () => write(path, rowTable(columns, rows, { posetta: 'store 2', dataset })))
    await syncFile(path, disk)
    const bytes = await disk.readFile(path)
    await disk.rename(path, join(shardsFolder, file))
    return { root, quarantineFile: { table: 'quarantine', layout: null, file, rows: rows.length, bytes: bytes.length, sha256: sha256(bytes) } }
  }

  /** Removes the files that neither this manifest, nor those it leads back to, nor those shards need; none while a file may be that of a version whose manifest is gone. */
  async function sweepShards(manifest: Manifest | null, shards: readonly (ShardRef | null)[]): Promise<void> {
    const kept = manifest === null ? [] : await keptManifests(folder, manifest, disk)
    if (manifest !== null && lostCommits(manifest, kept).length > 0) return
    await sweep(shardsFolder, new Set([...kept.flatMap(allFiles), ...shards.flatMap((shard) => shard?.files ?? [])].map(({ file }) => file)), disk)
  }

  async function close(): Promise<void> {
    await Promise.allSettled(working)
    await Promise.allSettled([...open].map((shard) => shard.abort()))
    second.close()
    duck.close()
    await disk.rm(staging, { recursive: true, force: true })
    await disk.rmdir(join(folder, '.staging')).catch(() => {})
    if (committed !== null) {
      // one that has become empty has no receipt, and the one before stands for files that are not of this commit
      await sweep(receiptsFolder, new Set([...done].flatMap(([name, { shard }]) => (shard === null ? [] : [`${name}.json`]))), disk)
      await sweepShards(committed, [])
      await sweepCommits(folder, await keptManifests(folder, committed, disk), disk)
    } else if (part === undefined) await sweepShards(before, [...await readReceipts(folder, disk)].map(([, { shard }]) => shard))
    // only who is alone here may remove folders that others would write into
    if (part === undefined) for (const empty of [receiptsFolder, shardsFolder]) await disk.rmdir(empty).catch(() => {})
    await unlock()
    await disk.rmdir(folder).catch(() => {})
  }

  const guarded = <A extends unknown[], T>(work: (...args: A) => Promise<T>) => (...args: A): Promise<T> =>
    work(...args).catch((error: unknown) => Promise.reject(writeFailure(error, storeDir)))
  return {
    before, receipts, scratch: staging, keepShard: (shard, as = receipts.get(shard)!) => void done.set(shard, as), openLoose, openShard: openOne, hasSoundPictures, readBack,
    commit: guarded(commit), close: guarded(close),
  }
}

/** Logical hashes of films that have pictures, in order of id. */
function filmHashes(items: Receipt['items']): Hash[] {
  return items.toSorted(byId).flatMap(({ film }) => (film === null ? [] : [film]))
}

function pictureFiles({ shard }: Receipt): readonly FileRef[] {
  return (shard?.files ?? []).filter(({ table, file }) => table === 'pictures' && file.endsWith('.parquet'))
}

/** By source, code, offset and message, so that no order of work shows. */
function byPlace(a: Quarantined, b: Quarantined): number {
  const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
  const differences = [order(a.source, b.source), order(a.code, b.code), (a.offset ?? -1) - (b.offset ?? -1), order(a.message, b.message)]
  return differences.find((difference) => difference !== 0) ?? 0
}

function countOf(items: Receipt['items']): Omit<Manifest['counts'], 'quarantined' | 'bytes'> {
  const clips = items.flatMap((item) => item.clips)
  const recordings = new Map<string, { frames: number; side: string | null }>()
  for (const { group, frames, side } of clips) recordings.set(group, { frames: Math.max(frames, recordings.get(group)?.frames ?? 0), side })
  const on = (name: string): number => [...recordings.values()].filter(({ side }) => side === name).length
  const sum = (values: readonly { readonly frames: number }[]): number => values.reduce((total, { frames }) => total + frames, 0)
  return {
    clips: clips.length, frames: sum(clips), films: items.filter((item) => item.clips.length > 0).length, images: items.reduce((total, { images }) => total + images, 0),
    recordings: { recordings: recordings.size, frames: sum([...recordings.values()]), train: on('train'), validation: on('validation'), test: on('test') },
  }
}
