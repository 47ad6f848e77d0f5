import { join } from 'node:path'
import type { Disk } from './disk.ts'
import type { Manifest } from './manifest.ts'
import type { FileRef } from './schema.ts'
import { ourFile } from './shards.ts'

/** Every file under `shards/` that a manifest names. */
export function allFiles({ shards, quarantineFile }: Pick<Manifest, 'shards' | 'quarantineFile'>): FileRef[] {
  return [...shards.flatMap(({ files }) => files), ...(quarantineFile === null ? [] : [quarantineFile])]
}

/** The files of a folder that a store has put there; none where there is no such folder. */
export async function presentFiles(folder: string, disk: Disk): Promise<string[]> {
  const present = await disk.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return present.filter((file) => ourFile.test(file))
}

/** Removes those of them that are not in `named`. */
export async function sweep(folder: string, named: ReadonlySet<string>, disk: Disk): Promise<void> {
  const present = await presentFiles(folder, disk)
  await Promise.all(present.filter((file) => !named.has(file)).map((file) => disk.rm(join(folder, file), { force: true })))
}
