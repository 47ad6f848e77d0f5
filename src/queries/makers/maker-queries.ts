import type { DuckDBConnection } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { ToolkitError, unknownName } from '../../errors.ts'
import { sha256 } from '../../hash.ts'
import type { GroupKey } from '../../split.ts'
import { literal } from '../../store/duckdb.ts'
import { rowsOf } from '../rows-of.ts'
import { fillTemplate } from './fill-template.ts'
import { longTailQuotas } from './long-tail-quotas.ts'
import type { Maker, MakerKind } from './maker.ts'

/** A split to be made: SQL without parameters, which `posetta sql` answers as it is. */
export type MadeQuery = { readonly name: string; readonly sql: string }

/** What all makers are told. */
export type MakerPlace = {
  readonly connection: DuckDBConnection
  readonly dataset: string
  readonly groupKey: GroupKey
  readonly salt: string
  /** The name of the split, and the first part of the names where there are several; null = by the parameters. */
  readonly name: string | null
}

/** More splits than anyone waits for. */
const MOST_SPLITS = 200

/** The queries of a maker, one per split. Throws E_MAKE_FOLDS, E_MAKE_GROUPS, E_MAKE_STRATUM, E_MAKE_CLASS for parameters that the data do not allow. */
export async function makerQueries(maker: Maker, place: MakerPlace): Promise<MadeQuery[]> {
  const { groupKey, name } = place
  const grouped = groupKey === 'group_id' ? '' : `-by-${groupKey}`
  switch (maker.kind) {
    case 'hash':
      return [{ name: name ?? `hash-${sharesName(maker.shares)}${grouped}`, sql: await fill(place, 'hash', texts(maker.shares)) }]
    case 'kfold':
      await checkFolds(place, maker.k)
      return Promise.all(Array.from({ length: maker.k }, async (_, i) => (
        { name: `${name ?? `kfold-${maker.k}${grouped}`}-${i + 1}`, sql: await fill(place, 'kfold', texts({ k: maker.k, fold: i + 1 })) })))
    case 'leave-one-group-out':
      return Promise.all((await groupsOf(place)).map(async (group) => (
        { name: `${name ?? `leave-one-${groupKey}-out`}-${nameOf(group)}`, sql: await fill(place, 'leave-one-group-out', { group: literal(group) }) })))
    case 'stratified':
      await checkStrata(place, maker.by)
      return [{ name: name ?? `stratified-${maker.by}-${sharesName(maker.shares)}${grouped}`, sql: await fill(place, 'stratified', { ...texts(maker.shares), by: maker.by }) }]
    case 'fraction':
      return [{ name: name ?? `${maker.of}-${maker.share}`, sql: await fill(place, 'fraction', { of: literal(maker.of), share: maker.share }) }]
    case 'zero-shot':
      await checkClasses(place, maker.column, maker.classes)
      return [{ name: name ?? `zero-shot-${maker.classes.map(nameOf).join('-')}`, sql: await fill(place, 'zero-shot', { column: maker.column, classes: `[${maker.classes.map(literal).join(', ')}]` }) }]
    case 'long-tail':
      return [{ name: name ?? `${maker.of}-long-tail-${maker.factor}`, sql: await fill(place, 'long-tail', { of: literal(maker.of), quotas: await quotasOf(place, maker.of, maker.factor) }) }]
  }
}

async function fill({ dataset, groupKey, salt }: MakerPlace, kind: MakerKind, values: Readonly<Record<string, string>>): Promise<string> {
  return fillTemplate(await readFile(new URL(`${kind}.sql`, import.meta.url), 'utf8'), { dataset: literal(dataset), group_key: groupKey, salt: literal(salt), ...values })
}

async function checkFolds({ connection, dataset, groupKey }: MakerPlace, k: number): Promise<void> {
  const [row] = await rowsOf(connection, `SELECT count(DISTINCT ${groupKey}) AS groups FROM clips WHERE dataset = $dataset`, { dataset })
  const groups = Number(row!['groups'])
  if (groups < k) throw new ToolkitError('E_MAKE_FOLDS', `${k} folds of ${groups} groups: ${dataset} has ${groups} values of ${groupKey}`, { hint: 'every fold needs a group' })
}

async function groupsOf({ connection, dataset, groupKey }: MakerPlace): Promise<string[]> {
  const rows = await rowsOf(connection, `SELECT DISTINCT ${groupKey} AS value FROM clips WHERE dataset = $dataset AND ${groupKey} IS NOT NULL ORDER BY value`, { dataset })
  if (rows.length >= 2 && rows.length <= MOST_SPLITS) return rows.map(({ value }) => String(value))
  throw new ToolkitError('E_MAKE_GROUPS', `${dataset} has ${rows.length} values of ${groupKey}: one split for each, from 2 to ${MOST_SPLITS}, can be made`, {
    hint: 'leave out one of another key (--by), or make folds: --make kfold --k 10' })
}

/** Each group of a stratified split is in one stratum, and every clip in some. */
async function checkStrata({ connection, dataset, groupKey }: MakerPlace, by: GroupKey): Promise<void> {
  const rows = await rowsOf(connection, `
    SELECT ${groupKey} AS value, count(DISTINCT ${by}) AS strata
    FROM clips WHERE dataset = $dataset GROUP BY value HAVING count(DISTINCT ${by}) > 1 OR count(${by}) < count(*) ORDER BY value`, { dataset })
  const [first] = rows
  if (first === undefined) return
  const what = Number(first['strata']) > 1 ? `has clips of ${String(first['strata'])} values of ${by}` : `has clips without ${by}`
  throw new ToolkitError('E_MAKE_STRATUM', `${rows.length} groups of ${dataset} belong to no one stratum: ${groupKey} ${String(first['value'])} ${what}`, {
    hint: 'strata by what all clips of a group share: another --by, or a finer --group' })
}

async function checkClasses({ connection, dataset }: MakerPlace, column: GroupKey, classes: readonly string[]): Promise<void> {
  const rows = await rowsOf(connection, `SELECT DISTINCT ${column} AS value FROM clips WHERE dataset = $dataset AND ${column} IS NOT NULL ORDER BY value`, { dataset })
  const known = rows.map(({ value }) => String(value))
  for (const one of classes) if (!known.includes(one)) throw unknownName('E_MAKE_CLASS', `${column} of ${dataset}`, one, known)
}

/** The quotas of the actions of a split's train side, as a list of SQL. */
async function quotasOf({ connection, dataset }: MakerPlace, of: string, factor: number): Promise<string> {
  const rows = await rowsOf(connection, `
    SELECT clips.action, count(DISTINCT clips.group_id) AS recordings FROM splits JOIN clips ON clips.id = splits.clip_id
    WHERE splits.dataset = $dataset AND splits.split = $of AND splits.side = 'train' AND clips.action IS NOT NULL GROUP BY clips.action ORDER BY clips.action`, { dataset, of })
  if (rows.length < 2) throw new ToolkitError('E_MAKE_CLASS', `the train side of split "${of}" of ${dataset} has ${rows.length} actions: a long tail needs two`)
  const quotas = longTailQuotas(rows.map(({ action, recordings }) => ({ action: String(action), recordings: Number(recordings) })), factor)
  return `[${quotas.map(({ action, recordings }) => `{'action': ${literal(action)}, 'recordings': ${recordings}}`).join(', ')}]`
}

function sharesName({ train, validation, test }: { readonly train: number; readonly validation: number; readonly test: number }): string {
  return [train, ...(validation === 0 ? [] : [validation]), test].join('-')
}

/** A value as a part of a split's name; one with other signs than names have is told from others by its hash. */
function nameOf(value: string): string {
  return /^[A-Za-z0-9._-]+$/.test(value) ? value : `${value.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}-${sha256(value).slice(0, 8)}`
}

function texts(numbers: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]))
}
