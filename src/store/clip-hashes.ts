import { join } from 'node:path'
import type { Hash } from '../hash.ts'
import { type Duck, withDuck } from './duckdb.ts'
import { datasetFolder, type Manifest, type ShardRef } from './manifest.ts'
import { readRows } from './read-parquet.ts'
import { columnsOf } from './schema.ts'
import { trustFiles } from './trusted-file.ts'

const columns = columnsOf('clips').filter(({ name }) => name === 'id' || name === 'hash')

/** The logical hash of every clip of some shards, and the shard it is in, by id. Throws what `trustFiles` throws. */
export async function clipHashes(duck: Duck, folder: string, shards: readonly ShardRef[]): Promise<Map<string, { readonly hash: Hash; readonly shard: ShardRef }>> {
  await trustFiles(folder, shards, ({ table }) => table === 'clips')
  const clips = new Map<string, { hash: Hash; shard: ShardRef }>()
  for (const shard of shards) {
    const files = shard.files.filter(({ table }) => table === 'clips').map(({ file }) => join(folder, 'shards', file))
    for (const [id, hash] of await readRows(duck, { files }, columns)) clips.set(String(id), { hash: String(hash), shard })
  }
  return clips
}

/** The logical hash of every clip of a version, by id. Throws what `trustFiles` throws. */
export async function versionHashes(storeDir: string, { dataset, shards }: Manifest): Promise<Map<string, Hash>> {
  const found = await withDuck((duck) => clipHashes(duck, datasetFolder(storeDir, dataset), shards))
  return new Map([...found].map(([id, { hash }]) => [id, hash]))
}
