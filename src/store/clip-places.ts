import { join } from 'node:path'
import duckdb from '@duckdb/node-bindings'
import { filmOf } from '../film.ts'
import type { Hash } from '../hash.ts'
import { clipHashes } from './clip-hashes.ts'
import { type Duck, literal, withDuck } from './duckdb.ts'
import { datasetFolder, type Manifest, type ShardRef } from './manifest.ts'
import { streamChunks } from './read-parquet.ts'
import { shardOf } from './shards.ts'
import { trustFiles } from './trusted-file.ts'
import { takeValues } from './vectors.ts'

/** Rows [start, end) of a file under `shards/`. */
export type RowRange = { readonly table: string; readonly layout: string | null; readonly file: string; readonly sha256: Hash; readonly start: number; readonly end: number }

/** Where a clip rests: its logical hash, its shard, and its rows in each table that says something of it or of its film. */
export type ClipPlace = { readonly clip: string; readonly hash: Hash; readonly shard: string; readonly rows: readonly RowRange[] }

const keys: Readonly<Record<string, string>> = { clips: 'id', frames: 'clip_id', phases: 'clip_id', segments: 'clip_id', sides: 'clip_id', files: 'clip_id', cameras: 'clip_id',
  images: 'film', proxies: 'film' }

/** Where clips of a version rest, by id; one that the version lacks is left out. Throws what `trustFiles` throws. */
export async function clipPlaces(storeDir: string, { dataset, shards, shardBits }: Manifest, ids: readonly string[]): Promise<Map<string, ClipPlace>> {
  const folder = datasetFolder(storeDir, dataset)
  const named = new Set(ids.map((id) => shardOf(id, shardBits)))
  const wanted = shards.filter(({ shard }) => named.has(shard))
  await trustFiles(folder, wanted, ({ table }) => keys[table] !== undefined)
  return withDuck(async (duck) => {
    const hashes = await clipHashes(duck, folder, wanted)
    const found = ids.filter((id) => hashes.has(id))
    const places = new Map<string, ClipPlace>(found.map((clip) => [clip, { clip, hash: hashes.get(clip)!.hash, shard: hashes.get(clip)!.shard.shard, rows: [] }]))
    for (const shard of wanted) {
      const members = found.filter((clip) => hashes.get(clip)!.shard === shard)
      for (const [clip, rows] of await rowsOfShard(duck, folder, shard, members)) places.set(clip, { ...places.get(clip)!, rows })
    }
    return places
  })
}

async function rowsOfShard(duck: Duck, folder: string, { files }: ShardRef, clips: readonly string[]): Promise<Map<string, RowRange[]>> {
  const found = new Map<string, RowRange[]>(clips.map((clip) => [clip, []]))
  for (const { table, layout, file, sha256 } of files) {
    const key = keys[table]
    if (key === undefined) continue
    const ranges = await keyRanges(duck, join(folder, 'shards', file), key)
    for (const clip of clips) {
      const range = ranges.get(key === 'film' ? filmOf(clip) : clip)
      if (range !== undefined) found.get(clip)!.push({ table, layout, file, sha256, ...range })
    }
  }
  return found
}

/** The rows [start, end) of each key of a file; rows of one key lie side by side. */
async function keyRanges(duck: Duck, file: string, key: string): Promise<Map<string, { readonly start: number; readonly end: number }>> {
  const ranges = new Map<string, { start: number; end: number }>()
  const sql = `SELECT ${key}, min(file_row_number), max(file_row_number) + 1 FROM read_parquet(${literal(file)}, file_row_number = true, hive_partitioning = false) GROUP BY ${key}`
  for await (const { chunk, size } of streamChunks(duck, sql)) {
    const [names, starts, ends] = (['text', 'long', 'long'] as const).map((type, column) => takeValues(duckdb.data_chunk_get_vector(chunk, column), size, type))
    names!.forEach((name, row) => ranges.set(String(name), { start: Number(starts![row]), end: Number(ends![row]) }))
  }
  return ranges
}
