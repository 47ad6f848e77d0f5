import { join } from 'node:path'
import type { Proxy } from '../film.ts'
import { literal, withDuck } from './duckdb.ts'
import { datasetFolder } from './manifest.ts'
import { readRows } from './read-parquet.ts'
import { readVersion } from './read-version.ts'
import { columnsOf } from './schema.ts'
import { shardOf } from './shards.ts'
import { trustFiles } from './trusted-file.ts'

/** The proxy video of a film; of the newest version unless named; null = it has none. Throws E_FILE_CHANGED for one that is not as it was written. */
export async function findProxy(storeDir: string, dataset: string, film: string, { version }: { version?: string | undefined } = {}): Promise<Proxy | null> {
  const { shards, shardBits } = await readVersion(storeDir, dataset, version)
  const shard = shards.find(({ shard }) => shard === shardOf(film, shardBits))
  if (shard === undefined) return null
  const folder = join(datasetFolder(storeDir, dataset), 'shards')
  const files = shard.files.filter(({ table }) => table === 'proxies').map(({ file }) => join(folder, file))
  await trustFiles(datasetFolder(storeDir, dataset), [shard], ({ table }) => table === 'proxies')
  const [row] = await withDuck((duck) => readRows(duck, { files, where: `film = ${literal(film)}` }, columnsOf('proxies')))
  if (row === undefined) return null
  const [, frames, file] = row
  await trustFiles(datasetFolder(storeDir, dataset), [shard], (ref) => ref.file === file)
  return { file: join(folder, String(file)), frames: Number(frames) }
}
