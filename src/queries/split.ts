import type { DuckDBConnection } from '@duckdb/node-api'
import { readdir, readFile } from 'node:fs/promises'
import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { hashSides, type Side, type Split } from '../split.ts'
import { readManifest, writeSplit } from '../store/index.ts'
import { checkReadOnly, sqlError } from './read-only.ts'
import { checkRepeatable } from './repeatable.ts'
import { type QueryPlace, withSession } from './session.ts'

/** Clips of two sides that are not independent; `code` = the check that found them. */
export type Leak = { readonly code: string; readonly count: number; readonly examples: readonly string[]; readonly allowed: boolean }

export type MadeSplit = { readonly split: Split; readonly leaks: readonly Leak[]; readonly checks: readonly { readonly side: string; readonly expected: number; readonly found: number; readonly ok: boolean }[] }

export type SplitRequest = QueryPlace & {
  readonly entry: DatasetEntry
  /** A protocol that comes with the package, or a query of the user's own: SQL that answers (side, clip_id). */
  readonly from: { readonly protocol: string } | { readonly name: string; readonly sql: string }
  readonly seed: number
  /** Codes of leaks that are known and accepted. */
  readonly allowLeaks: readonly string[]
}

const sides: readonly Side[] = ['train', 'validation', 'test']
const folder = (name: string): URL => new URL(`./${name}/`, import.meta.url)

/** Names of the protocols that come with the package. */
export async function listProtocols(): Promise<string[]> {
  return (await readdir(folder('splits'))).filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -4)).sort()
}

/**
 * Runs the query of a split, checks what it answers and keeps it in the store. Refused: a query that may answer otherwise the next time, a side that is empty or has
 * another name, an unknown clip, a clip on two sides, and leaks that neither the catalog nor `allowLeaks` acknowledges.
 */
export async function makeSplit(request: SplitRequest): Promise<MadeSplit> {
  const { storeDir, entry, from, seed, allowLeaks } = request
  const manifest = await readManifest(storeDir, entry.name)
  const { name, sql } = 'protocol' in from ? { name: from.protocol, sql: await protocolSql(from.protocol) } : await ownQuery(from)
  return withSession(request, async (connection) => {
    const checked = await checkReadOnly(connection, sql)
    await checkRepeatable(connection, checked, name)
    const members = membersOf(await rowsOf(connection, checked, { dataset: entry.name, seed }), name)
    const split: Split = { name, dataset: entry.name, query: sql, seed, hash: hashSides(members), sides: members }
    await checkClips(connection, split)
    const acknowledged = new Set([...allowLeaks, ...('protocol' in from ? entry.splits[name]?.acknowledgedLeaks ?? [] : [])])
    const leaks = (await findLeaks(connection)).map((leak) => ({ ...leak, allowed: acknowledged.has(leak.code) }))
    const refused = leaks.find(({ allowed }) => !allowed)
    if (refused !== undefined) {
      throw new ToolkitError('E_SPLIT_LEAK', `split "${name}" leaks: ${refused.code}, ${refused.count} times, such as ${refused.examples[0]}`, { hint: `mend the query, or accept it with --allow-leaks ${refused.code}` })
    }
    await writeSplit(storeDir, split, manifest.root)
    return { split, leaks, checks: manifest.complete && 'protocol' in from ? await countChecks(connection, entry, split) : [] }
  })
}

async function protocolSql(name: string): Promise<string> {
  const names = await listProtocols()
  if (!names.includes(name)) throw unknownName('E_PROTOCOL_UNKNOWN', 'split protocol', name, names)
  return readFile(new URL(`${name}.sql`, folder('splits')), 'utf8')
}

async function ownQuery(from: { readonly name: string; readonly sql: string }): Promise<{ name: string; sql: string }> {
  if ((await listProtocols()).includes(from.name)) throw new ToolkitError('E_SPLIT_NAME', `"${from.name}" is the name of a published split`, { hint: 'name the file of the query otherwise' })
  return from
}

async function rowsOf(connection: DuckDBConnection, sql: string, values: Record<string, string | number>): Promise<Record<string, unknown>[]> {
  try {
    const used = Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`$${name}`)))
    return (await connection.runAndReadAll(sql, used)).getRowObjectsJS()
  } catch (error) {
    throw sqlError(error)
  }
}

function membersOf(rows: readonly Record<string, unknown>[], name: string): Split['sides'] {
  const members: Partial<Record<Side, string[]>> = {}
  const sideOf = new Map<string, string>()
  for (const row of rows) {
    const { side, clip_id: id } = row
    if (typeof id !== 'string' || typeof side !== 'string') throw new ToolkitError('E_SPLIT_ROWS', `split "${name}" answers (${Object.keys(row).join(', ')}), not (side, clip_id) as texts`)
    if (!sides.includes(side as Side)) throw unknownName('E_SPLIT_SIDE', `side (of ${id})`, side, sides)
    if (sideOf.has(id)) throw new ToolkitError('E_SPLIT_TWICE', `split "${name}" has ${id} ${sideOf.get(id) === side ? `twice in ${side}` : `in ${sideOf.get(id)} and in ${side}`}`)
    sideOf.set(id, side)
    ;(members[side as Side] ??= []).push(id)
  }
  const empty = (['train', 'test'] as const).filter((side) => (members[side] ?? []).length === 0)
  if (empty.length > 0) throw new ToolkitError('E_SPLIT_EMPTY', `split "${name}" has no clip in ${empty.join(' and ')}`, { hint: 'the store may hold a part of the data set only: posetta sql "select official_split, count(*) from clips group by all order by all"' })
  return Object.fromEntries(Object.entries(members).map(([side, ids]) => [side, ids.toSorted()]))
}

/** Makes `members` a table of the session, and refuses clips the store lacks. */
async function checkClips(connection: DuckDBConnection, { name, dataset, sides: members }: Split): Promise<void> {
  await connection.run('CREATE TABLE members (side VARCHAR, clip_id VARCHAR)')
  const appender = await connection.createAppender('members')
  for (const [side, ids] of Object.entries(members)) {
    for (const id of ids ?? []) {
      appender.appendVarchar(side)
      appender.appendVarchar(id)
      appender.endRow()
    }
  }
  appender.closeSync()
  const unknown = await rowsOf(connection, 'SELECT clip_id FROM members WHERE clip_id NOT IN (SELECT id FROM clips WHERE dataset = $dataset) ORDER BY clip_id', { dataset })
  if (unknown.length > 0) throw new ToolkitError('E_SPLIT_CLIP', `split "${name}": ${unknown.length} of its clips are not in ${dataset}, such as ${String(unknown[0]!['clip_id'])}`)
}

async function findLeaks(connection: DuckDBConnection): Promise<Omit<Leak, 'allowed'>[]> {
  const files = (await readdir(folder('leaks'))).filter((file) => file.endsWith('.sql')).sort()
  const found = await Promise.all(files.map(async (file) => {
    const rows = await rowsOf(connection, await readFile(new URL(file, folder('leaks')), 'utf8'), {})
    return { code: file.slice(0, -4), count: rows.length, examples: rows.slice(0, 5).map((row) => String(row['example'])) }
  }))
  return found.filter(({ count }) => count > 0)
}

/** The recordings on each side held against the counts published with the protocol. */
async function countChecks(connection: DuckDBConnection, entry: DatasetEntry, { name }: Split): Promise<MadeSplit['checks']> {
  const published = entry.splits[name]?.counts
  const counted = await rowsOf(connection, 'SELECT side, count(DISTINCT group_id) AS recordings FROM members JOIN clips ON clips.id = members.clip_id GROUP BY side ORDER BY side', {})
  return sides.flatMap((side) => {
    const expected = published?.[side]
    const found = Number(counted.find((row) => row['side'] === side)?.['recordings'] ?? 0)
    return expected === undefined ? [] : [{ side, expected, found, ok: expected === found }]
  })
}
