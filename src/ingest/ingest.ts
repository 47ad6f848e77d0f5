import type { DatasetEntry } from '../catalog.ts'
import type { Quarantined } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { groupByShard, type Manifest, openStoreWriter, shardBits, type StoreSchema } from '../store/index.ts'
import type { Adapter, Plan, PlanItem } from './adapter.ts'
import { adapters } from './adapters/index.ts'
import { matchesGlob } from './glob.ts'
import { itemReader } from './item-reader.ts'
import { readShards, type ReadOptions } from './read-shards.ts'

export type IngestOptions = ReadOptions & {
  readonly entry: DatasetEntry
  readonly rawDir: string
  readonly storeDir: string
  /** Left out: by reference when frames are there. */
  readonly frames?: 'none' | 'reference' | 'embed' | 'proxy'
  readonly fps?: number | null
  /** Reading threads, this one among them. The result does not depend on it. */
  readonly jobs: number
  /** Only the first so many ids. */
  readonly limit?: number
  /** Only raw files whose path relative to `rawDir` matches this glob. */
  readonly include?: string
  /** Only looks what there is to do. */
  readonly dryRun?: boolean
}

/** A published count held against what was read. */
export type CountCheck = { readonly name: 'clips' | 'frames' | 'train' | 'test'; readonly expected: number; readonly found: number; readonly ok: boolean }

export type IngestResult = {
  readonly dataset: string
  readonly clips: number
  /** null in a dry run, as all that only reading tells. */
  readonly frames: number | null
  /** The whole download was there and asked for. */
  readonly complete: boolean
  /** Published counts, held against a complete download; none for a part. */
  readonly checks: readonly CountCheck[]
  readonly quarantined: readonly { readonly source: string; readonly code: string; readonly message: string }[]
  /** Files in the raw folder that are no part of the data set. */
  readonly ignored: readonly string[]
  readonly hasFrames: boolean
  readonly shards: number
  readonly bytes: number | null
  readonly root: Hash | null
  readonly commit: Hash | null
}

/** Fewer are read before another thread has started. */
const ITEMS_PER_THREAD = 256

/**
 * Raw files -> clips -> shards -> one commit. Reads shard after shard. Throws before the commit, the store as it was, when
 * nothing at all can be read, on a bad file with `onBad: 'fail'`, on a full disk or a busy store, and with the signal's reason when aborted.
 */
export async function ingest(options: IngestOptions): Promise<IngestResult> {
  const { entry, rawDir, storeDir, dryRun = false } = options
  const adapter = adapters[entry.adapter]!
  const plan = await discover(adapter, options)
  const items = selectItems(plan, options)
  const isWhole = plan.complete && items.length === plan.items.length
  const bits = shardBits(items.length)
  const shards = groupByShard(items, bits)
  const found = { dataset: entry.name, complete: isWhole, ignored: plan.ignored, hasFrames: plan.hasFrames }
  if (dryRun) return { ...found, clips: items.length, frames: null, checks: [], quarantined: [], shards: shards.size, bytes: null, root: null, commit: null }

  const schema: StoreSchema = { skeleton: entry.skeleton.name, joints: entry.skeleton.joints, dims: 2 }
  const writer = await openStoreWriter({ storeDir, dataset: entry.name, schema })
  const reader = itemReader(Math.min(options.jobs, Math.ceil(items.length / ITEMS_PER_THREAD)), adapter, { entry, rawDir, schema })
  try {
    const quarantined = await readShards(reader, shards, (shard, clips) => writer.addShard(shard, clips), options)
    if (quarantined.length === items.length) throw nothingRead(quarantined, rawDir)
    const manifest = await writer.commit({ shardBits: bits, quarantined, complete: isWhole, entry: sha256(JSON.stringify(entry)) })
    const { root, commit, counts } = manifest
    return {
      ...found, clips: counts.clips, frames: counts.frames, checks: isWhole ? checkCounts(entry, counts) : [], shards: manifest.shards.length,
      quarantined: manifest.quarantine.map(({ source, code, message }) => ({ source, code, message })), bytes: counts.bytes, root, commit,
    }
  } finally {
    await reader.close()
    await writer.close()
  }
}

/** How `posetta ingest` ends: 3 = done, but files were lost to quarantine; 1 = all was read, and it is not what was published; 0 = done. */
export function ingestExit({ quarantined, checks }: IngestResult): 0 | 1 | 3 {
  if (quarantined.length > 0) return 3
  return checks.every(({ ok }) => ok) ? 0 : 1
}

async function discover(adapter: Adapter, { entry, rawDir, frames, fps }: IngestOptions): Promise<Plan> {
  if (frames === 'embed' || frames === 'proxy') {
    throw new ToolkitError('E_FRAMES_MODE', `--frames ${frames} is not there yet`, { hint: 'there are: none, reference' })
  }
  return adapter.discover(entry, rawDir, { ...(frames === undefined ? {} : { frames }), ...(fps === undefined ? {} : { fps }) })
}

function selectItems(plan: Plan, { include, limit, rawDir }: IngestOptions): readonly PlanItem[] {
  const included = include === undefined ? plan.items : plan.items.filter(({ path }) => matchesGlob(path, include))
  if (included.length > 0) return included.slice(0, limit)
  throw new ToolkitError('E_NOTHING_INCLUDED', `none of the ${plan.items.length} clips in "${rawDir}" has a path that matches "${include}"`, {
    hint: `paths look like "${plan.items[0]?.path}"; * stays within a folder, ** does not` })
}

function checkCounts({ counts }: DatasetEntry, found: Manifest['counts']): CountCheck[] {
  return (['clips', 'frames', 'train', 'test'] as const).map((name) => ({ name, expected: counts[name], found: found[name], ok: counts[name] === found[name] }))
}

function nothingRead(quarantined: readonly Quarantined[], rawDir: string): ToolkitError {
  const { source, message } = quarantined.toSorted((a, b) => (a.source < b.source ? -1 : 1))[0]!
  return new ToolkitError('E_NOTHING_READ', `none of the ${quarantined.length} files in "${rawDir}" could be read; the first: ${source}: ${message}`, {
    hint: 'is this the folder that the archive unpacks to?' })
}
