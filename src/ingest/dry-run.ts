import { datasetFolder, readReceipts, realDisk } from '../store/index.ts'
import { knownItems, look } from './known-items.ts'
import { type IngestOptions, planIngest } from './plan-ingest.ts'
import { readItem } from './read-item.ts'

/** What an ingest would do. */
export type DryRun = {
  readonly dataset: string
  /** Films that would be looked at, and those of them that nothing has changed since they were read. */
  readonly films: number
  readonly unchanged: number
  /** Size of the raw files that would be read. */
  readonly bytes: number
  /** How long reading them takes with one thread, from a sample of a few; 0 when nothing is to be read. */
  readonly seconds: number
  readonly frames: string
  readonly complete: boolean
  readonly shards: number
  readonly missing: readonly string[]
  readonly ignored: readonly string[]
}

const SAMPLE = 8

/** Plans an ingest and writes nothing. `now` is a clock in milliseconds. Throws what `planIngest` throws. */
export async function dryRun(options: IngestOptions, now: () => number): Promise<DryRun> {
  const { adapter, context, plan, isWhole, shards, key } = await planIngest(options)
  const known = knownItems(await readReceipts(datasetFolder(options.storeDir, options.entry.name), realDisk), key)
  const looked = [...shards].flatMap(([shard, items]) => items.map((item) => ({ item, ...look(context.raw, item, known, shard) })))
  const toRead = looked.filter((one) => one.known === null)
  const sample = toRead.filter((_, at) => at % Math.ceil(toRead.length / SAMPLE) === 0)
  const began = now()
  for (const { item } of sample) await readItem(adapter, { ...context, scratch: null }, item)
  // a file that many films are read from, such as a database, counts once
  const sizes = new Map(toRead.flatMap((film) => [...film.sizes]))
  return {
    dataset: options.entry.name, films: looked.length, unchanged: looked.length - toRead.length, bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    seconds: sample.length === 0 ? 0 : ((now() - began) / 1000) * (toRead.length / sample.length), frames: context.frames,
    complete: isWhole, shards: shards.size, missing: plan.missing, ignored: plan.ignored,
  }
}
