import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from './manifest.ts'
import type { FileRef } from './schema.ts'

/** Every Parquet file a manifest names. */
export function allFiles({ shards, quarantineFile }: Manifest): FileRef[] {
  return [...shards.flatMap(({ files }) => files), ...(quarantineFile === null ? [] : [quarantineFile])]
}

/** Removes what no manifest names: null names nothing. */
export async function sweep(shardsFolder: string, manifest: Manifest | null): Promise<void> {
  const named = new Set(manifest === null ? [] : allFiles(manifest).map(({ file }) => file))
  const present = existsSync(shardsFolder) ? await readdir(shardsFolder) : []
  await Promise.all(present.filter((file) => !named.has(file)).map((file) => rm(join(shardsFolder, file), { force: true, recursive: true })))
}
