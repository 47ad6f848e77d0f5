import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError, unknownName } from '../errors.ts'
import { type Side, sides, type Split } from '../split.ts'
import { rowsOf } from './rows-of.ts'

/** The sides that the rows (side, clip_id) of a query make, ids sorted. Throws for rows of another form, another side, a clip twice, and a side that is empty. */
export function membersOf(rows: readonly Record<string, unknown>[], name: string): Split['sides'] {
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
  if (empty.length > 0) throw new ToolkitError('E_SPLIT_EMPTY', `split "${name}" has no clip in ${empty.join(' and ')}`, { hint: hintOf(members) })
  return Object.fromEntries(Object.entries(members).map(([side, ids]) => [side, ids.toSorted()]))
}

function hintOf(members: Split['sides']): string {
  const found = Object.entries(members).map(([side, ids]) => `${ids.length} in ${side}`)
  return `train and test need a clip each, the query answers ${found.join(', ') || 'no row'}; posetta sql --file QUERY.sql shows its rows. `
    + 'Of a published split the store may hold a part only: posetta sql "select official_split, count(*) from clips group by all order by all"'
}

/** Makes `members` (side, clip_id) and `groups` (clip_id, group_key) tables of the session. Throws for clips that the store lacks (E_SPLIT_CLIP) or that have no group (E_SPLIT_GROUP). */
export async function openMembers(connection: DuckDBConnection, { name, dataset, groupKey, sides: members }: Split): Promise<void> {
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
  await connection.run(`CREATE TABLE groups AS SELECT id AS clip_id, ${groupKey} AS group_key FROM clips SEMI JOIN members ON members.clip_id = clips.id`)
  const alone = await rowsOf(connection, 'SELECT clip_id FROM groups WHERE group_key IS NULL ORDER BY clip_id', {})
  if (alone.length > 0) {
    throw new ToolkitError('E_SPLIT_GROUP', `split "${name}": ${alone.length} of its clips have no ${groupKey}, such as ${String(alone[0]!['clip_id'])}`, {
      hint: 'group by what every clip has, such as group_id, or leave these clips out by a query of your own' })
  }
}
