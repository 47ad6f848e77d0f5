import type { Quarantined } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import { type PackedFilm, type StoreWriter, withoutClips } from '../store/index.ts'
import type { PlanItem } from './adapter.ts'
import type { ItemReader } from './item-reader.ts'
import { type Known, look } from './known-items.ts'
import type { RawFolder } from './raw-folder.ts'
import type { ReadItem } from './read-item.ts'

export type IngestProgress = { readonly done: number; readonly total: number; readonly quarantined: number }
export type ReadOptions = {
  readonly onBad?: 'quarantine' | 'fail'
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: IngestProgress) => void
}

/** What has been done so far; counted up as films come. */
export type Progress = {
  done: number
  total: number
  read: number
  quarantined: number
  clips: number
  frames: number
  images: number
  readonly aside: Quarantined[]
}

export type ShardReading = {
  readonly writer: StoreWriter
  readonly reader: ItemReader
  readonly raw: RawFolder
  readonly shard: string
  /** In order of id. */
  readonly items: readonly PlanItem[]
  readonly known: ReadonlyMap<string, readonly Known[]>
  /** Clips that were taken out, and are not to come back. */
  readonly withdrawn: ReadonlySet<string>
  readonly key: Hash
  readonly bits: number
  readonly progress: Progress
  readonly options: ReadOptions
}

const HINT = 'without --on-bad fail, files like this are set aside and listed'

/**
 * Brings one shard up to date: kept whole when nothing it was made of has changed (answers null), else its films in order, those that have changed from their
 * raw files, the others from the store; answers what writes its tables. Throws the first bad file's own error with `onBad: 'fail'`, and the signal's reason.
 */
export async function readShard(reading: ShardReading): Promise<(() => Promise<void>) | null> {
  const { writer, reader, raw, shard, items, known, withdrawn, key, bits, progress, options } = reading
  options.signal?.throwIfAborted()
  const looked = new Map(items.map((item) => [item.id, look(raw, item, known, shard).known]))
  const receipt = writer.receipts.get(shard)
  const isWithdrawn = ({ id }: { readonly id: string }): boolean => withdrawn.has(id)
  const isSame = receipt !== undefined && receipt.key === key && receipt.bits === bits && receipt.items.length === items.length
  if (isSame && items.every(({ id }, at) => receipt.items[at]!.id === id && !receipt.items[at]!.clips.some(isWithdrawn) && looked.get(id)?.item === receipt.items[at])) {
    for (const item of receipt.items) note(progress, options, item)
    writer.keepShard(shard)
    return null
  }
  const unchanged = await sound(writer, looked)
  const writing = writer.openShard(shard)
  const fresh = reader.read(items.filter(({ id }) => !unchanged.has(id)), options.signal)
  const stored = storedFilms(writer, items, unchanged)
  const done: Omit<ReadItem, 'film'>[] = []
  try {
    for (const { id } of items) {
      const isStored = unchanged.has(id)
      const { film: found, ...item } = isStored ? await storedItem(id, unchanged.get(id)!.item, stored) : (await fresh.next()).value as ReadItem
      const film = found === null || !found.clips.some(isWithdrawn) ? found : withoutClips(found, isWithdrawn)
      if (film !== null) await writing.add(film)
      if (!isStored) progress.read++
      note(progress, options, { ...item, clips: (film?.clips ?? []).map(({ rows, persons }) => ({ frames: rows / persons })), images: film?.images.length ?? 0 })
      done.push(item)
    }
  } finally {
    await fresh.return(undefined)
  }
  return () => writing.finish(done, { key, bits })
}

/** Those whose films can be taken from the store: embedded pictures are copied, so the file they lie in must be as it was written. */
async function sound(writer: StoreWriter, looked: ReadonlyMap<string, Known | null>): Promise<Map<string, Known>> {
  const unchanged = new Map<string, Known>()
  for (const [id, known] of looked) if (known !== null && await writer.hasSoundPictures(known.shard)) unchanged.set(id, known)
  return unchanged
}

/** Films out of the store in the order of the items: a run of neighbours from one earlier shard is read at once. */
async function* storedFilms(writer: StoreWriter, items: readonly PlanItem[], unchanged: ReadonlyMap<string, Known>): AsyncGenerator<PackedFilm> {
  const ids = items.map(({ id }) => id).filter((id) => (unchanged.get(id)?.item.clips.length ?? 0) > 0)
  for (let start = 0; start < ids.length;) {
    const { shard } = unchanged.get(ids[start]!)!
    let end = start
    while (end < ids.length && unchanged.get(ids[end]!)!.shard === shard) end++
    yield* writer.readBack(shard, ids.slice(start, end))
    start = end
  }
}

async function storedItem(id: string, { fingerprint, quarantined, clips }: Known['item'], films: AsyncGenerator<PackedFilm>): Promise<ReadItem> {
  return { id, fingerprint, quarantined, film: clips.length === 0 ? null : (await films.next()).value as PackedFilm }
}

type Noted = { readonly quarantined: readonly Quarantined[]; readonly clips: readonly { readonly frames: number }[]; readonly images: number }

function note(progress: Progress, { onBad, onProgress }: ReadOptions, { quarantined, clips, images }: Noted): void {
  const [bad] = quarantined
  if (bad !== undefined && onBad === 'fail') throw new ToolkitError(bad.code, `${bad.source}: ${bad.message}`, { hint: HINT })
  progress.aside.push(...quarantined)
  progress.done++
  progress.quarantined += quarantined.length
  progress.clips += clips.length
  progress.frames += clips.reduce((sum, { frames }) => sum + frames, 0)
  progress.images += images
  onProgress?.(progress)
}
