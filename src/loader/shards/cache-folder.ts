import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { ToolkitError } from '../../errors.ts'
import type { Hash } from '../../hash.ts'
import { lockFolder, makeFolder, syncFolder } from '../../store/index.ts'
import { type Entry, findEntry, USED_FILE } from './entry.ts'

/** Where entries lie unless somebody says otherwise. */
export function cacheFolder(storeDir: string): string {
  return join(storeDir, '.cache', 'training')
}

/** An entry's own folder; beside the entries lie `.drafts/<key>`, what is being built or thrown away, and `.users/<key>`, who reads. */
export function entryFolder(cacheDir: string, key: Hash): string {
  return join(cacheDir, key)
}

/** Where an entry is built. */
export function draftsFolder(cacheDir: string, key: Hash): string {
  return join(cacheDir, '.drafts', key)
}

/** Another builder of the same entry is waited for, a minute or so: who takes longer may hang, and two drafts of a key are the same bytes. */
const ATTEMPTS = 400
let taken = 0

/** The entry of a key: the one in the cache if its files are there, else a new one, which `build` writes into a draft. */
export async function findOrBuild(cacheDir: string, key: Hash, { build, signal }: { build: (folder: string) => Promise<Entry>; signal?: AbortSignal | undefined }): Promise<Entry> {
  const find = (): Promise<Entry | null> => findEntry(entryFolder(cacheDir, key), key)
  // somebody may finish it before we have the lock
  return await find() ?? await whileBuilding(cacheDir, key, async (isAlone) => await find() ?? await buildInDraft(cacheDir, key, { build, isAlone }), { signal })
}

/** Lets one process at a time build or mend an entry. Nobody waits for a dead one, or for ever: then `isAlone` is false. */
export async function whileBuilding<T>(
  cacheDir: string, key: Hash, work: (isAlone: boolean) => Promise<T>, { signal, attempts = ATTEMPTS }: { signal?: AbortSignal | undefined; attempts?: number } = {},
): Promise<T> {
  const folder = draftsFolder(cacheDir, key)
  let unlock = null
  for (let attempt = 0; unlock === null && attempt < attempts; attempt++) {
    signal?.throwIfAborted()
    unlock = await lockUnlessBusy(folder)
  }
  try {
    return await work(unlock !== null)
  } finally {
    await unlock?.()
    await rmdir(folder).catch(() => {})
  }
}

async function buildInDraft(cacheDir: string, key: Hash, { build, isAlone }: { build: (folder: string) => Promise<Entry>; isAlone: boolean }): Promise<Entry> {
  const drafts = draftsFolder(cacheDir, key)
  if (isAlone) await sweepDrafts(drafts)
  const draft = join(drafts, draftName())
  try {
    await makeFolder(draft)
    const entry = await build(draft)
    await place(draft, entryFolder(cacheDir, key), entry)
    await syncFolder(cacheDir)
    return entry
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Puts a draft where the entry belongs. Where a sound one has come meanwhile that one stays; a damaged one makes way. */
async function place(draft: string, folder: string, { key }: Entry): Promise<void> {
  const taken = await rename(draft, folder).then(() => false, (error: NodeJS.ErrnoException) => ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code ?? '') || Promise.reject(error))
  if (!taken || await findEntry(folder, key) !== null) return
  await rename(folder, `${draft}-damaged`)
  await rename(draft, folder)
  await rm(`${draft}-damaged`, { recursive: true, force: true })
}

/** No two drafts on any machine have one name at a time. */
export function draftName(): string {
  return `${hostname()}~${process.pid}~${threadId}~${taken++}`
}

/** Removes what killed builders have left; whoever calls holds the lock. */
export async function sweepDrafts(drafts: string): Promise<void> {
  const left = (await readdir(drafts).catch(() => [])).filter((name) => name !== '.lock')
  for (const name of left) await rm(join(drafts, name), { recursive: true, force: true })
}

/** The only one at work in a folder, or null while another process is. */
export async function lockUnlessBusy(folder: string): Promise<(() => Promise<void>) | null> {
  return lockFolder(folder).catch((error: unknown) => (error instanceof ToolkitError && error.code === 'E_STORE_BUSY' ? null : Promise.reject(error)))
}

/** Where users of an entry leave their names. */
export function usersFolder(cacheDir: string, key: Hash): string {
  return join(cacheDir, '.users', key)
}

/** Keeps an entry from being evicted until the function it answers with is called. In a cache that may only be read nobody can evict anyway. */
export async function joinUsers(cacheDir: string, key: Hash): Promise<() => Promise<void>> {
  const users = usersFolder(cacheDir, key)
  for (let waits = 0; ; waits++) {
    try {
      await makeFolder(users)
      const leave = await lockFolder(users, { part: `${process.pid}.${threadId}.${taken++}-of-users` })
      return async () => {
        await leave()
        await rmdir(users).catch(() => {})
      }
    } catch (error) {
      if (isRefused(error)) return async () => {}
      // somebody evicts it just now, which takes a moment
      if (!(error instanceof ToolkitError) || waits === ATTEMPTS) throw error
    }
  }
}

/** Notes that an entry is used now, and what its clips are called. */
export async function noteUse(cacheDir: string, key: Hash, name: string): Promise<void> {
  // in place: several may note their use at once, and half a name does no harm
  await writeFile(join(entryFolder(cacheDir, key), USED_FILE), name).catch((error: unknown) => isRefused(error) ? undefined : Promise.reject(error))
}

function isRefused(error: unknown): boolean {
  return ['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
}
