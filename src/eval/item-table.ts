import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Duck, literal, withDuck } from '../store/duckdb.ts'
import { readRows } from '../store/read-parquet.ts'
import { rowTable } from '../store/shard-tables.ts'
import type { Measure } from './evaluate.ts'
import type { Item } from './items.ts'
import { columns, writeTable } from './table-file.ts'

/** What tells one measure of a run from another. */
export type MeasureKey = Pick<Measure, 'metric' | 'protocol' | 'action' | 'card'>

/** What a measure of a run consists of. */
export type MeasureItems = { readonly measure: MeasureKey; readonly items: readonly Item[] }

/** Columns of a run's `items.parquet`: a row per clip or pair of a measure of the run itself; floors have none. */
const itemColumns = columns('run text, metric text, protocol text, action text, card text, part integer, clip text, other text, amount double, weight double')

/** Writes `items.parquet` of a run folder at one stroke; items of measures taken before stay where they are not taken again. */
export async function writeItems(runDir: string, run: string, found: readonly MeasureItems[]): Promise<string> {
  const file = join(runDir, 'items.parquet')
  const before = existsSync(file) ? await withDuck((duck) => readRows(duck, { files: [file] }, itemColumns), { threads: 1 }) : []
  const taken = new Set(found.map(({ measure: { metric, protocol, action, card } }) => [metric, protocol, action, card].join('\t')))
  const rows = found.flatMap(({ measure: { metric, protocol, action, card }, items }) =>
    items.map(({ part, clip, other, amount, weight }) => [run, metric, protocol, action, card, part, clip, other, amount, weight]))
  return writeTable(file, rowTable(itemColumns, [...before.filter((row) => !taken.has(row.slice(1, 5).join('\t'))), ...rows], { posetta: 'items 1', run }))
}

/** The items of one measure of a run; null when the run was evaluated before items were kept. */
export async function readItems(runDir: string, { metric, protocol, action, card }: MeasureKey): Promise<Item[] | null> {
  const file = join(runDir, 'items.parquet')
  if (!existsSync(file)) return null
  const where = Object.entries({ metric, protocol, action, card }).map(([column, value]) => `${column} = ${literal(value)}`).join(' AND ')
  const read = (duck: Duck) => readRows(duck, { files: [file], where }, itemColumns)
  return (await withDuck(read, { threads: 1 })).map(([, , , , , part, clip, other, amount, weight]) => ({
    part: Number(part), clip: String(clip), other: other === null ? null : String(other), amount: Number(amount), weight: Number(weight) }))
}
