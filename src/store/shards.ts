import { filmOf } from '../film.ts'
import { type Hash, hashWords, sha256 } from '../hash.ts'
import { grouped } from './grouped.ts'
import type { TableName } from './schema.ts'

/** How many leading bits of a film's hash name its shard, for a data set of this many films: 0 up to `perShard`, then one more with every doubling. */
export function shardBits(films: number, perShard = 256): number {
  let bits = 0
  while (films > perShard * 2 ** bits) bits++
  return bits
}

/** The shard of a film or of a clip on it: the first `bits` bits of sha256(film), in binary; `all` when there is one shard only. */
export function shardOf(id: string, bits: number): string {
  return bits === 0 ? 'all' : hashWords(filmOf(id))[0].toString(2).padStart(32, '0').slice(0, bits)
}

/**
 * The name of a shard's file: it changes with what the file says and with who writes it, so that no other content ever had it. `beside` = what the file says that
 * the root does not cover.
 */
export function shardFile(table: TableName, layout: string | null, shard: string, root: Hash, writer: string, beside = ''): string {
  const name = layout === null ? table : `${table}-${layout}`
  return `${name}-${shard}-${sha256(root, name, writer, beside).slice(0, 16)}.parquet`
}

/** Names that a store gives to files; what else lies beside them was put there by somebody else, and is not ours to remove. */
export const ourFile = /^(?:[a-z]+-.+-[0-9a-f]{16}\.(?:parquet|mp4)|(?:all|[01]+|[0-9a-f]{64})\.json)(?:\.tmp)?$/

/** Ids in the order of the store: by Unicode code units, never by locale. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Films, or what will become them, by shard; shards in order, inside each the order given. */
export function groupByShard<T extends { readonly id: string }>(films: readonly T[], bits: number): Map<string, T[]> {
  return new Map([...grouped(films, ({ id }) => shardOf(id, bits))].sort(([a], [b]) => (a < b ? -1 : 1)))
}
