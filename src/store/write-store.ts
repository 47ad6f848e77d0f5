import { mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Quarantined } from '../clip.ts'
import { type Hash, sha256 } from '../hash.ts'
import { duckVersion, openDuck } from './duckdb.ts'
import { makeFolder, syncFile, syncFolder, writeFailure } from './durable.ts'
import { lockFolder } from './lock.ts'
import { commitHash, datasetFolder, findManifest, type Manifest, type ShardRef, writeManifest } from './manifest.ts'
import { merkleRoot } from './merkle.ts'
import type { PackedClip } from './pack-clip.ts'
import { columnsOf, type FileRef, SCHEMA_VERSION, type StoreSchema, type TableName } from './schema.ts'
import { quarantineRow, rowHash, rowTable, shardTables } from './shard-tables.ts'
import { shardFile } from './shards.ts'
import { allFiles, sweep } from './stored-files.ts'
import { LAYOUT, parquetWriter, type Table } from './write-parquet.ts'

export type StorePlace = { readonly storeDir: string; readonly dataset: string; readonly schema: StoreSchema }

/** What a commit says beside the shards. */
export type Commit = { readonly shardBits: number; readonly quarantined: readonly Quarantined[]; readonly complete: boolean; readonly entry: Hash }

/** A data set being written: shards in any order, then one commit. Nothing of it is seen, and nothing old is lost, before the commit. */
export type StoreWriter = {
  /** Writes one shard, beside others; the clips come in order of id. Shards that the store holds already, byte for byte, are kept. */
  addShard(shard: string, clips: readonly PackedClip[]): Promise<void>
  commit(commit: Commit): Promise<Manifest>
  /** Lets go of the folder; what was added and not committed is removed. */
  close(): Promise<void>
}

/** Opens a data set for writing. Throws E_STORE_BUSY when another process does, E_STORE_READ_ONLY, E_DISK_FULL (as every call may). */
export async function openStoreWriter(place: StorePlace): Promise<StoreWriter> {
  const folder = datasetFolder(place.storeDir, place.dataset)
  const shardsFolder = join(folder, 'shards')
  const staging = join(folder, '.staging')
  const unlock = await lockFolder(folder).catch((error: unknown) => Promise.reject(writeFailure(error, place.storeDir)))
  const before = await prepare().catch(async (error: unknown) => {
    await unlock()
    throw writeFailure(error, place.storeDir)
  })
  const duck = await openDuck({ threads: 1 })
  const second = await duck.connect()
  const writeParquet = parquetWriter(duck, [second])
  const writer = `DuckDB ${duckVersion()}, ${LAYOUT}`
  const shards: ShardRef[] = []
  const rows: PackedClip['clip'][] = []
  const working = new Set<Promise<unknown>>()
  let current = before

  async function prepare(): Promise<Manifest | null> {
    const manifest = await findManifest(place.storeDir, place.dataset)
    await makeFolder(shardsFolder)
    await rm(staging, { recursive: true, force: true })
    await mkdir(staging)
    await sweep(shardsFolder, manifest)
    return manifest
  }

  async function addShard(shard: string, clips: readonly PackedClip[]): Promise<void> {
    const root = merkleRoot(clips.map(({ hash }) => hash))
    for (const { clip } of clips) rows.push(clip)
    const tables = shardTables(clips, place.schema, { posetta: 'store 1', dataset: place.dataset, shard, root })
    const files = await Promise.all(tables.map(({ name, table }) => underWay(addFile(name, shardFile(name, shard, root, writer), table))))
    shards.push({ shard, root, clips: clips.length, files })
  }

  /** What must have ended before anything is closed or removed. */
  function underWay<T>(work: Promise<T>): Promise<T> {
    working.add(work)
    return work.finally(() => working.delete(work))
  }

  async function addFile(name: TableName, file: string, table: Table): Promise<FileRef> {
    const kept = before === null ? undefined : allFiles(before).find((ref) => ref.file === file)
    if (kept !== undefined && sha256(await readFile(join(shardsFolder, file)).catch(() => '')) === kept.sha256) return kept
    const draft = join(staging, file)
    await writeParquet(draft, table)
    await syncFile(draft)
    const bytes = await readFile(draft)
    await rename(draft, join(shardsFolder, file))
    return { table: name, file, rows: table.rows, bytes: bytes.length, sha256: sha256(bytes) }
  }

  async function commit({ shardBits, quarantined, complete, entry }: Commit): Promise<Manifest> {
    const quarantine = [...quarantined].sort((a, b) => (a.source < b.source ? -1 : 1))
    const quarantineRows = quarantine.map((file) => quarantineRow(place.dataset, file))
    const columns = columnsOf('quarantine', place.schema)
    const clips = rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
    const root = merkleRoot([...clips.map((row) => String(row.at(-1))), ...quarantineRows.map((row) => rowHash(columns, row))])
    const table = rowTable(columns, quarantineRows, { posetta: 'store 1', dataset: place.dataset })
    const quarantineFile = quarantine.length === 0 ? null : await addFile('quarantine', shardFile('quarantine', 'all', root, writer), table)
    const isSame = before?.root === root && before.entry === entry
    const parent = isSame ? before.parent : before?.commit ?? null
    const sorted = shards.toSorted((a, b) => (a.shard < b.shard ? -1 : 1))
    const bytes = [...sorted.flatMap(({ files }) => files), ...(quarantineFile === null ? [] : [quarantineFile])].reduce((sum, file) => sum + file.bytes, 0)
    const manifest: Manifest = {
      format: 1, dataset: place.dataset, root, commit: commitHash(root, parent, entry), parent, entry, complete,
      schema: { version: SCHEMA_VERSION, skeleton: place.schema.skeleton, joints: [...place.schema.joints], dims: place.schema.dims },
      writer, counts: { ...countClips(clips), quarantined: quarantine.length, bytes }, shardBits, shards: sorted, quarantine, quarantineFile,
      tags: before?.tags ?? {}, migrations: before?.migrations ?? [],
    }
    await syncFolder(shardsFolder)
    await writeManifest(place.storeDir, manifest)
    current = manifest
    return manifest
  }

  async function close(): Promise<void> {
    await Promise.allSettled(working)
    second.close()
    duck.close()
    await rm(staging, { recursive: true, force: true })
    await sweep(shardsFolder, current)
    await unlock()
    if (current === null) for (const empty of [shardsFolder, folder]) await rmdir(empty).catch(() => {})
  }

  const guarded = <A extends unknown[], T>(work: (...args: A) => Promise<T>) => (...args: A): Promise<T> =>
    work(...args).catch((error: unknown) => Promise.reject(writeFailure(error, place.storeDir)))
  return { addShard: guarded(addShard), commit: guarded(commit), close }
}

function countClips(rows: readonly PackedClip['clip'][]): { clips: number; frames: number; train: number; test: number } {
  const [frames, side] = [7, 13]
  return {
    clips: rows.length,
    frames: rows.reduce((sum, row) => sum + Number(row[frames]), 0),
    train: rows.filter((row) => row[side] === 'train').length,
    test: rows.filter((row) => row[side] === 'test').length,
  }
}
