import { ToolkitError } from '../../errors.ts'
import { readVersion, writeFailure } from '../../store/index.ts'
import { cacheFolder, draftsFolder, entryFolder, findOrBuild, joinUsers, noteUse, whileBuilding } from './cache-folder.ts'
import { findEntry, keyOf } from './entry.ts'
import type { EntrySource, PictureRequest } from './entry-source.ts'
import { loadIndex, openEntry, type OpenedShards } from './opened.ts'

export type ShardRequest = {
  readonly storeDir: string
  readonly dataset: string
  /** Of the store; left out: the newest. */
  readonly version?: string | undefined
  /** Clips, in any order; left out: all of that version. */
  readonly ids?: readonly string[] | undefined
  /** Their pictures too, made so small. */
  readonly pictures?: PictureRequest | undefined
  /** What `posetta cache` calls them: `split official, train`. */
  readonly name?: string | undefined
  /** Left out: `.cache/training` in the store. */
  readonly cacheDir?: string | undefined
  /** Shards that fit into so many bytes stay in memory, shared by all threads; 0 = all are read from disk each time. */
  readonly memoryBytes: number
  readonly signal?: AbortSignal | undefined
}

/** Training shards in use. `opened` crosses to other threads, where `sourceOf` makes it a source. */
export type TrainingShards = {
  readonly opened: OpenedShards
  /** Makes anew, from the store, what is not as it was written; answers the names of those files. After E_SHARD_DAMAGED: heal, then ask the source again. */
  heal(): Promise<readonly string[]>
  /** Lets the entry be evicted. Sources are closed by themselves. */
  close(): Promise<void>
}

/** An index up to this size is read and checked as it is opened, some ms; of a larger one each section where it is used. */
const SMALL_INDEX = 2 ** 25

/**
 * Opens the training shards of some clips: those in the cache, or new ones. What is missing, cut short or wrong in a small index is made anew at once, the rest
 * when it is met and `heal` is called. Throws what `readVersion` and `streamClips` throw, E_CACHE_READ_ONLY and E_DISK_FULL.
 */
export async function openTrainingShards({ storeDir, dataset, version, cacheDir = cacheFolder(storeDir), memoryBytes, signal, ...request }: ShardRequest): Promise<TrainingShards> {
  const manifest = await readVersion(storeDir, dataset, version)
  const ids = request.ids === undefined ? null : [...new Set(request.ids)].sort()
  const source = await sourceOfWhatIsThere({ storeDir, manifest, ids, pictures: request.pictures ?? null }, cacheDir, signal)
  const key = keyOf(source)
  const folder = entryFolder(cacheDir, key)
  try {
    const close = await joinUsers(cacheDir, key)
    try {
      // what builds and heals is loaded where it is needed: Arrow takes 0.15 s
      const entry = await findOrBuild(cacheDir, key, { build: async (draft) => (await import('./build-entry.ts')).buildEntry(draft, source, signal), signal })
      await noteUse(cacheDir, key, request.name ?? (ids === null ? 'all' : `${ids.length} clips`))
      const opened = openEntry(folder, entry, memoryBytes)
      const mend = (): Promise<readonly string[]> => whileBuilding(cacheDir, key, async () =>
        (await import('./heal-entry.ts')).healEntry(folder, entry, { source, drafts: draftsFolder(cacheDir, key) }), { signal })
      const heal = atOnce(() => mend().catch((error: unknown) => Promise.reject(cacheFailure(error, cacheDir))))
      if (entry.index.bytes <= SMALL_INDEX && !await loadIndex(opened)) await heal()
      return { opened, heal, close }
    } catch (error) {
      await close()
      throw error
    }
  } catch (error) {
    throw cacheFailure(error, cacheDir)
  }
}

/** Pictures that the raw folder lacks are part of what an entry is made of; one that lacks none is looked for first, as it needs no raw folder any more. */
async function sourceOfWhatIsThere(source: EntrySource, cacheDir: string, signal: AbortSignal | undefined): Promise<EntrySource> {
  const { pictures } = source
  if (pictures?.rawDir === undefined || await findEntry(entryFolder(cacheDir, keyOf(source)), keyOf(source)) !== null) return source
  const lacking = await (await import('./lacking-pictures.ts')).lackingPictures(source, pictures.rawDir, signal)
  return lacking.length === 0 ? source : { ...source, pictures: { ...pictures, lacking } }
}

/** Who asks while it is being done waits for the same. */
function atOnce<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => (running ??= work().finally(() => { running = null }))
}

function cacheFailure(error: unknown, cacheDir: string): unknown {
  const failure = error instanceof ToolkitError ? error : writeFailure(error, cacheDir)
  if (!(failure instanceof ToolkitError) || !['E_STORE_READ_ONLY', 'E_STORE_PATH'].includes(failure.code)) return failure
  return new ToolkitError('E_CACHE_READ_ONLY', `cannot write training shards to "${cacheDir}"`, { cause: error, hint: 'name a folder that you may write to as the cache' })
}
