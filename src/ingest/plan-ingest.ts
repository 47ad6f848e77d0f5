import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { type Hash, sha256 } from '../hash.ts'
import { liesWithin } from '../lies-within.ts'
import { datasetFolder, groupByShard, type Precision, SCHEMA_VERSION, shardBits, type StorePlace } from '../store/index.ts'
import type { Adapter, AdapterContext, FramesMode, Plan, PlanItem } from './adapter.ts'
import { adapterOf } from './adapters/index.ts'
import { matchesGlob } from './glob.ts'
import { openRawFolder, type RawFolder } from './raw-folder.ts'
import type { ReadOptions } from './read-shard.ts'

export type IngestOptions = ReadOptions & {
  readonly entry: DatasetEntry
  readonly rawDir: string
  readonly storeDir: string
  /** Left out: by reference when frames are there. */
  readonly frames?: FramesMode | undefined
  readonly fps?: number | null | undefined
  readonly precision?: Precision | undefined
  /** Reading threads, this one among them. The result does not depend on it. */
  readonly jobs: number
  /** Only the first so many films, by id. */
  readonly limit?: number | undefined
  /** Only raw files whose path relative to `rawDir` matches this glob. */
  readonly include?: string | undefined
  /** Only these films, where they are there. */
  readonly films?: ReadonlySet<string> | undefined
  /** Writes one of several parts and commits nothing; an ingest without it puts the parts together. */
  readonly part?: { readonly index: number; readonly of: number } | undefined
  /** The raw folder and the store's disk, where tests hand in ones that fail. */
  readonly raw?: RawFolder
  readonly disk?: StorePlace['disk']
}

/** Raise it when the same raw files are read into other values: what earlier versions read is then read anew. */
const READING = 2

/** What is to be done, known from names alone. */
export type IngestPlan = {
  readonly adapter: Adapter
  readonly context: Omit<AdapterContext, 'scratch'>
  readonly plan: Plan
  /** Those of the plan that were asked for. */
  readonly items: readonly PlanItem[]
  readonly isWhole: boolean
  readonly bits: number
  /** Those of the part, where one was asked for. */
  readonly shards: ReadonlyMap<string, readonly PlanItem[]>
  /** What the reading depends on beside the raw files. */
  readonly key: Hash
}

/** Looks at names only. Throws ToolkitError when the folder is not the data set's, has no frames where they are asked for, or nothing is included. */
export async function planIngest(options: IngestOptions): Promise<IngestPlan> {
  const { entry, rawDir, frames, fps = null, precision = 'float32', part } = options
  const raw = options.raw ?? openRawFolder(rawDir)
  checkFolder(raw)
  checkApart(rawDir, datasetFolder(options.storeDir, entry.name))
  const adapter = await adapterOf(entry, raw)
  const plan = await adapter.discover({ entry, raw, frames: frames ?? 'reference', fps })
  if (frames !== undefined && frames !== 'none' && !plan.hasFrames) {
    throw new ToolkitError('E_RAW_FRAMES', `no frames in ${rawDir}`, { hint: 'leave --frames out to ingest what there is' })
  }
  const context = { entry, raw, frames: plan.hasFrames ? frames ?? 'reference' : 'none', fps, precision } as const
  const items = selectItems(plan, options)
  const bits = shardBits(items.length, adapter.filmsPerShard)
  const shards = [...groupByShard(items, bits)].filter((_, at) => part === undefined || at % part.of === part.index - 1)
  const key = sha256(JSON.stringify([READING, SCHEMA_VERSION, entry, context.frames, fps, precision]))
  return { adapter, context, plan, items, isWhole: plan.complete && items.length === plan.items.length, bits, shards: new Map(shards), key }
}

function checkFolder(raw: RawFolder): void {
  const stat = raw.stat('')
  if (stat === null) throw new ToolkitError('E_RAW_MISSING', `no folder ${raw.dir}`)
  if (!stat.isFolder) throw new ToolkitError('E_RAW_MISSING', `${raw.dir} is a file, not the folder of the download`)
}

/** What lies in the folder of a data set belongs to the store, which may remove it. */
function checkApart(rawDir: string, folder: string): void {
  if (!liesWithin(rawDir, folder)) return
  throw new ToolkitError('E_RAW_IN_STORE', `${rawDir} lies in the store's own folder "${folder}"`, { hint: 'move the download out of it, or name another store with --store' })
}

function selectItems(plan: Plan, { include, films, limit, rawDir }: IngestOptions): readonly PlanItem[] {
  const included = plan.items.filter(({ id, path }) => (include === undefined || matchesGlob(path, include)) && (films === undefined || films.has(id)))
  if (included.length > 0) return included.slice(0, limit)
  if (films !== undefined) throw new ToolkitError('E_NOTHING_INCLUDED', `none of the ${films.size} films asked for is among the ${plan.items.length} in "${rawDir}"`, {
    hint: 'is this the folder that they were ingested from?' })
  throw new ToolkitError('E_NOTHING_INCLUDED', `none of the ${plan.items.length} films in "${rawDir}" has a path that matches "${include}"`, {
    hint: `paths look like "${plan.items[0]?.path}"; * stays within a folder, ** does not` })
}
