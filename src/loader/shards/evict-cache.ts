import { readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unknownName } from '../../errors.ts'
import type { Hash } from '../../hash.ts'
import { makeFolder } from '../../store/index.ts'
import { draftName, entryFolder, lockUnlessBusy, sweepDrafts, usersFolder } from './cache-folder.ts'
import { type CacheEntry, listCache } from './list-cache.ts'

/** What went, and what stays because somebody reads it. */
export type Evicted = { readonly evicted: readonly CacheEntry[]; readonly inUse: readonly CacheEntry[] }

/** Entries by the first digits of their keys; none named = all. Throws E_CACHE_KEY with the nearest one. */
export async function evictEntries(cacheDir: string, named: readonly string[]): Promise<Evicted> {
  const entries = await listCache(cacheDir)
  const unknown = named.find((digits) => !entries.some(({ key }) => key.startsWith(digits)))
  if (unknown !== undefined) throw unknownName('E_CACHE_KEY', `training shards in "${cacheDir}" named`, unknown, entries.map(({ key }) => key.slice(0, 12)))
  return evict(cacheDir, named.length === 0 ? entries : entries.filter(({ key }) => named.some((digits) => key.startsWith(digits))))
}

/** The least recently used entries until the rest has at most so many bytes. */
export async function evictDownTo(cacheDir: string, keepBytes: number): Promise<Evicted> {
  const entries = await listCache(cacheDir)
  let left = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const [evicted, inUse]: [CacheEntry[], CacheEntry[]] = [[], []]
  for (const entry of entries) {
    if (left <= keepBytes) break
    const done = await evict(cacheDir, [entry])
    evicted.push(...done.evicted)
    inUse.push(...done.inUse)
    left -= done.evicted.length === 0 ? 0 : entry.bytes
  }
  await sweepCache(cacheDir)
  return { evicted, inUse }
}

/** Every entry of a data set, in use or not: what was purged from the store is not to live on here. */
export async function purgeDataset(cacheDir: string, dataset: string): Promise<void> {
  for (const { key, ...entry } of await listCache(cacheDir)) if (entry.dataset === dataset || entry.dataset === null) await throwAway(cacheDir, key)
  await sweepCache(cacheDir)
}

async function evict(cacheDir: string, entries: readonly CacheEntry[]): Promise<Evicted> {
  const [evicted, inUse]: [CacheEntry[], CacheEntry[]] = [[], []]
  for (const entry of entries) {
    const users = usersFolder(cacheDir, entry.key)
    await makeFolder(users)
    const unlock = await lockUnlessBusy(users)
    if (unlock === null) {
      inUse.push(entry)
      continue
    }
    try {
      if (await throwAway(cacheDir, entry.key)) evicted.push(entry)
    } finally {
      await unlock()
      await rmdir(users).catch(() => {})
    }
  }
  await sweepCache(cacheDir)
  return { evicted, inUse }
}

/** At one stroke, so that nobody finds half an entry; false = it was gone already. What is not removed now, the next sweep removes. */
async function throwAway(cacheDir: string, key: Hash): Promise<boolean> {
  const drafts = join(cacheDir, '.drafts')
  await makeFolder(drafts)
  const gone = join(drafts, `${key}~${draftName()}`)
  const isThere = await rename(entryFolder(cacheDir, key), gone).then(() => true, (error: NodeJS.ErrnoException) => error.code === 'ENOENT' ? false : Promise.reject(error))
  await rm(gone, { recursive: true, force: true }).catch(() => {})
  return isThere
}

/** Removes what builders and evictors that were killed have left behind. */
async function sweepCache(cacheDir: string): Promise<void> {
  for (const name of await readdir(join(cacheDir, '.drafts')).catch(() => [])) {
    const drafts = join(cacheDir, '.drafts', name)
    const unlock = await lockUnlessBusy(drafts)
    if (unlock === null) continue
    await sweepDrafts(drafts)
    await unlock()
    await rmdir(drafts).catch(() => {})
  }
}
