import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hash } from '../../hash.ts'
import { listWriters } from '../../store/index.ts'
import { entryFolder, usersFolder } from './cache-folder.ts'
import { readEntry, USED_FILE } from './entry.ts'

/** An entry of the cache. `dataset` and `clips` are null where entry.json cannot be read: the next use makes such an entry anew. */
export type CacheEntry = {
  readonly key: Hash
  readonly dataset: string | null
  /** What its clips were called at its last use: `split official, train`, `120 clips`, `all`. */
  readonly name: string | null
  readonly clips: number | null
  readonly bytes: number
  /** ISO 8601; null = nobody ever noted a use. */
  readonly lastUsed: string | null
  /** By a process that lives, or on another machine, where nobody can tell. */
  readonly inUse: boolean
}

/** The entries of a cache, the least recently used first; none where there is no such folder. */
export async function listCache(cacheDir: string): Promise<CacheEntry[]> {
  const keys = (await readdir(cacheDir).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name)).sort()
  const entries = await Promise.all(keys.map((key) => describe(cacheDir, key)))
  return entries.sort((a, b) => ((a.lastUsed ?? '') < (b.lastUsed ?? '') ? -1 : (a.lastUsed ?? '') > (b.lastUsed ?? '') ? 1 : 0))
}

async function describe(cacheDir: string, key: Hash): Promise<CacheEntry> {
  const folder = entryFolder(cacheDir, key)
  const [entry, files, users] = await Promise.all([readEntry(folder), readdir(folder).catch(() => []), listWriters(usersFolder(cacheDir, key))])
  const sizes = await Promise.all(files.map((file) => stat(join(folder, file)).then(({ size }) => size, () => 0)))
  const used = join(folder, USED_FILE)
  return {
    key, dataset: entry?.dataset ?? null, name: await readFile(used, 'utf8').catch(() => null), clips: entry?.clips ?? null, bytes: sizes.reduce((sum, size) => sum + size, 0),
    lastUsed: await stat(used).then(({ mtime }) => mtime.toISOString(), () => null), inUse: users.some(({ isAlive }) => isAlive !== false),
  }
}
