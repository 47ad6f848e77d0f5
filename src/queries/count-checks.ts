import type { DuckDBConnection } from '@duckdb/node-api'
import type { DatasetEntry, SideCounts } from '../catalog.ts'
import { type Side, sides } from '../split.ts'
import type { Protocol } from './protocols.ts'
import { rowsOf } from './rows-of.ts'

/** A published count held against the store's: of a side (`train`) or of an action on it (`squat/train`). */
export type CountCheck = {
  readonly name: string
  readonly expected: number
  readonly found: number
  readonly ok: boolean
  /** Why a difference is understood, as the catalog says; null = it is not, or there is none. */
  readonly known: string | null
}

type Count = { readonly action: string | null; readonly side: Side; readonly expected: number; readonly found: number }

/**
 * The recordings, or films, that the `members` of a session have on each side, and of each action where counts by action were published, held against the
 * catalog's. Nothing is held against a store that is not whole: one that its ingest called a part, or, where the data set's size is not in the catalog, one
 * that has more or fewer films than the protocol counts.
 */
export async function countChecks(connection: DuckDBConnection, entry: DatasetEntry, protocol: Protocol, isComplete: boolean): Promise<CountCheck[]> {
  const { name, counts } = protocol
  if (counts === null || !(isComplete || (entry.counts === null && await films(connection, entry.name) === sum(counts)))) return []
  const found = await foundIn(connection, protocol.of === 'films' ? 'film' : 'group_id')
  const published: [string | null, SideCounts][] = [...publishedByAction(entry, name), [null, counts]]
  const all = published.flatMap(([action, counts]) => sides.flatMap((side): Count[] => {
    const expected = counts[side]
    return expected === undefined ? [] : [{ action, side, expected, found: found(action, side) }]
  }))
  return all.map((count) => {
    const { action, side, expected, found } = count
    const because = expected === found ? null : reasonOf(entry, protocol, count) ?? (action === null ? sumOfReasons(entry, protocol, all.filter((one) => one.side === side)) : null)
    return { name: action === null ? side : `${action}/${side}`, expected, found, ok: expected === found, known: because }
  })
}

/** Counts of actions that were published under a protocol's name; those of the data set itself are the official ones. */
function publishedByAction({ actionEntries, phases }: DatasetEntry, name: string): [string, SideCounts][] {
  if (name === 'official') return actionEntries.map(({ name, counts }) => [name, counts])
  return phases.flatMap(({ action, published }): [string, SideCounts][] => (published[name] === undefined ? [] : [[action, published[name]]]))
}

/** Why the catalog says that just this number is found instead. */
function reasonOf(entry: DatasetEntry, { known }: Protocol, { action, side, found }: Count): string | null {
  return known.find((one) => {
    if (typeof one.found !== 'string') return (action === null ? one.actions === undefined : one.actions?.includes(action) === true) && one.found[side] === found
    if (action === null || one.actions?.includes(action) === false) return false
    return publishedByAction(entry, one.found).some(([name, counts]) => name === action && counts[side] === found)
  })?.because ?? null
}

/** A side's number is understood when the differences of its actions are, and add up to it. */
function sumOfReasons(entry: DatasetEntry, protocol: Protocol, counts: readonly Count[]): string | null {
  const actions = counts.filter(({ action }) => action !== null)
  const different = actions.filter(({ expected, found }) => expected !== found)
  const total = counts.find(({ action }) => action === null)!
  const isSum = actions.reduce((sum, { found }) => sum + found, 0) === total.found
  if (different.length === 0 || !isSum || different.some((count) => reasonOf(entry, protocol, count) === null)) return null
  return `the sum of the known differences of ${different.map(({ action }) => action).join(', ')}`
}

/** Looks up how many recordings or films of an action (null = of all) are on a side. */
async function foundIn(connection: DuckDBConnection, unit: 'film' | 'group_id'): Promise<(action: string | null, side: Side) => number> {
  const rows = await rowsOf(connection, `
    SELECT side, NULL AS action, count(DISTINCT ${unit}) AS found FROM members JOIN clips ON clips.id = members.clip_id GROUP BY side
    UNION ALL
    SELECT side, action, count(DISTINCT ${unit}) FROM members JOIN clips ON clips.id = members.clip_id WHERE action IS NOT NULL GROUP BY side, action
    ORDER BY side, action`, {})
  return (action, side) => Number(rows.find((row) => row['action'] === action && row['side'] === side)?.['found'] ?? 0)
}

async function films(connection: DuckDBConnection, dataset: string): Promise<number> {
  const [row] = await rowsOf(connection, 'SELECT count(DISTINCT film) AS films FROM clips WHERE dataset = $dataset', { dataset })
  return Number(row!['films'])
}

function sum({ train, validation = 0, test }: SideCounts): number {
  return train + validation + test
}
