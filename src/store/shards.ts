import { type Hash, hashWords, sha256 } from '../hash.ts'
import type { TableName } from './schema.ts'

/** Clips a shard holds on average, at most. */
const CLIPS_PER_SHARD = 256

/** How many leading bits of a clip's hash name its shard, for a data set of this many clips: 0 up to 256, then one more with every doubling. */
export function shardBits(clips: number): number {
  let bits = 0
  while (clips > CLIPS_PER_SHARD * 2 ** bits) bits++
  return bits
}

/** The shard of a clip: the first `bits` bits of sha256(id), in binary; `all` when there is one shard only. */
export function shardOf(id: string, bits: number): string {
  return bits === 0 ? 'all' : hashWords(id)[0].toString(2).padStart(32, '0').slice(0, bits)
}

/** The name of a shard's file: it changes with what the file says and with who writes it, so that no other content ever had it. */
export function shardFile(table: TableName, shard: string, root: Hash, writer: string): string {
  return `${table}-${shard}-${sha256(root, table, writer).slice(0, 16)}.parquet`
}

/** Ids in the order of the store: by Unicode code units, never by locale. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Clips, or what will become clips, by shard; shards in order, inside each the order given. */
export function groupByShard<T extends { readonly id: string }>(clips: readonly T[], bits: number): Map<string, T[]> {
  const shards = new Map<string, T[]>()
  for (const clip of clips) {
    const shard = shardOf(clip.id, bits)
    const members = shards.get(shard)
    if (members === undefined) shards.set(shard, [clip])
    else members.push(clip)
  }
  return new Map([...shards].sort(([a], [b]) => (a < b ? -1 : 1)))
}
