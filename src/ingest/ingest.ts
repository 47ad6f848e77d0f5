import type { DatasetEntry } from '../catalog.ts'
import type { Quarantined } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { EVERYTHING, type Manifest, openStoreWriter, type StoreWriter } from '../store/index.ts'
import { itemReader } from './item-reader.ts'
import { type IngestOptions, type IngestPlan, planIngest } from './plan-ingest.ts'
import { knownItems } from './known-items.ts'
import { type Progress, readShard } from './read-shard.ts'

export type { IngestOptions } from './plan-ingest.ts'

/** A published count held against what was read, by recording. */
export type CountCheck = { readonly name: string; readonly expected: number; readonly found: number; readonly ok: boolean }

export type IngestResult = {
  readonly dataset: string
  readonly clips: number
  readonly frames: number
  readonly images: number
  /** The whole download was there and asked for. */
  readonly complete: boolean
  /** Published counts, held against a complete download; none for a part. */
  readonly checks: readonly CountCheck[]
  readonly quarantined: readonly { readonly source: string; readonly code: string; readonly message: string; readonly readmit: string }[]
  /** What the whole download also has and this one lacks. */
  readonly missing: readonly string[]
  /** Files in the raw folder that are no part of the data set. */
  readonly ignored: readonly string[]
  /** Films that were read from their raw files; all others are as an earlier ingest read them. */
  readonly read: number
  readonly shards: number
  /** null for a part: nothing is committed. */
  readonly bytes: number | null
  readonly root: Hash | null
  readonly commit: Hash | null
}

/**
 * Raw files -> clips -> shards -> one commit, shard after shard; what an earlier ingest has read and nothing has changed is not read again. Throws before
 * the commit, the data set as it was, when nothing at all can be read, on a bad file with `onBad: 'fail'`, on a full disk or a busy store, and with the
 * signal's reason when aborted: then the next one goes on from the shards that are done.
 */
export async function ingest(options: IngestOptions): Promise<IngestResult> {
  const { entry, rawDir, storeDir, part, disk } = options
  const planned = await planIngest(options)
  const { plan, bits } = planned
  const writer = await openStoreWriter({ storeDir, dataset: entry.name, ...(part === undefined ? {} : { part: `${part.index}-of-${part.of}` }), ...(disk === undefined ? {} : { disk }) })
  try {
    const isWhole = planned.isWhole && (writer.before?.withdrawn ?? []).length === 0
    if (writer.before?.withdrawn.includes(EVERYTHING) === true) throw withdrawnWhole(entry.name)
    const progress = await readShards(planned, writer, options)
    const found = { dataset: entry.name, complete: isWhole, missing: plan.missing, ignored: plan.ignored, read: progress.read }
    if (part !== undefined) {
      return {
        ...found, clips: progress.clips, frames: progress.frames, images: progress.images, complete: false, checks: [], quarantined: progress.aside.map(shown), shards: planned.shards.size,
        bytes: null, root: null, commit: null,
      }
    }
    if (progress.clips === 0) throw nothingRead(progress.aside, rawDir)
    const manifest = await writer.commit({ shardBits: bits, quarantined: plan.quarantined, complete: isWhole, entry: sha256(JSON.stringify(entry)) })
    const { root, commit, counts } = manifest
    return {
      ...found, clips: counts.clips, frames: counts.frames, images: counts.images, checks: isWhole ? checkCounts(entry, counts) : [], shards: manifest.shards.length,
      quarantined: manifest.quarantine.map(shown), bytes: counts.bytes, root, commit,
    }
  } finally {
    await writer.close()
  }
}

/** Brings every shard of the plan up to date, and answers what was found. */
async function readShards({ adapter, context, items, shards, key, bits }: IngestPlan, writer: StoreWriter, options: IngestOptions): Promise<Progress> {
  const total = [...shards.values()].reduce((sum, members) => sum + members.length, 0)
  const progress: Progress = { done: 0, total, read: 0, quarantined: 0, clips: 0, frames: 0, images: 0, aside: [] }
  const [known, withdrawn] = [knownItems(writer.receipts, key), new Set(writer.before?.withdrawn)]
  const reader = itemReader(Math.min(options.jobs, Math.ceil(items.length / adapter.filmsPerShard)), adapter, { ...context, scratch: writer.scratch })
  const writing: Promise<void>[] = []
  try {
    for (const [shard, members] of shards) {
      if (writing.length === SHARDS_WRITTEN_AT_ONCE) await writing.shift()
      const finish = await readShard({ writer, reader, raw: context.raw, shard, items: members, known, withdrawn, key, bits, progress, options })
      if (finish !== null) writing.push(handled(finish()))
    }
    await Promise.all(writing)
  } finally {
    await Promise.allSettled(writing)
    await reader.close()
  }
  return progress
}

/** One waits for the disk while the other is packed. */
const SHARDS_WRITTEN_AT_ONCE = 2

/** How `posetta ingest` ends: 3 = done, but files were lost to quarantine; 1 = all was read, and it is not what was published; 0 = done. */
export function ingestExit({ quarantined, checks }: IngestResult): 0 | 1 | 3 {
  if (quarantined.length > 0) return 3
  return checks.every(({ ok }) => ok) ? 0 : 1
}

function checkCounts({ counts }: DatasetEntry, { recordings: found }: Manifest['counts']): CountCheck[] {
  return (['recordings', 'frames', 'train', 'validation', 'test'] as const).flatMap((name) => {
    const expected = counts?.[name]
    return expected === undefined ? [] : [{ name, expected, found: found[name], ok: expected === found[name] }]
  })
}

function withdrawnWhole(dataset: string): ToolkitError {
  return new ToolkitError('E_WITHDRAWN', `${dataset} was taken out of this store by posetta remove`, { hint: `if it may come back: posetta remove ${dataset} --restore` })
}

function shown({ source, code, message, readmit }: Quarantined): IngestResult['quarantined'][number] {
  return { source, code, message, readmit }
}

function nothingRead([first, ...others]: readonly Quarantined[], rawDir: string): ToolkitError {
  return new ToolkitError('E_NOTHING_READ', `none of the ${others.length + (first === undefined ? 0 : 1)} files in "${rawDir}" could be read; the first: ${first?.source}: ${first?.message}`, {
    hint: 'is this the folder that the archive unpacks to?' })
}

/** A promise that is awaited later: until then its failure is nobody's. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
