import { ToolkitError, unknownName } from '../../../errors.ts'
import { rowError, type TableRow } from './table-row.ts'

/** Where the columns that mean something stand. */
export type TableColumns<K extends string> = ReadonlyMap<K, number>
/** A column by the table's own name; null = none; left out = the one of the key's own name, if there is one. */
type Named = string | null | undefined

/** Columns to look for, and those of them that must be there. */
export type Wanted<K extends string> = { readonly named: Readonly<Partial<Record<K, Named>>>; readonly keys: readonly K[]; readonly needed: readonly K[] }

/** Finds the columns of a table by the names the catalog gives them. Throws E_TABLE_COLUMN for one that is named or needed and not there, or there twice. */
export function findColumns<K extends string>(header: readonly string[], { named, keys, needed }: Wanted<K>): TableColumns<K> {
  const columns = new Map<K, number>()
  for (const key of keys) {
    const name = named[key] === undefined ? key : named[key]
    if (name === null || (named[key] === undefined && !header.includes(key))) continue
    columns.set(key, findColumn(header, name))
  }
  const missing = needed.find((key) => !columns.has(key))
  if (missing === undefined) return columns
  throw new ToolkitError('E_TABLE_COLUMN', `no column says the ${missing}`, {
    hint: `name it in the catalog, columns: { ${missing}: ... }. There are: ${header.join(', ')}` })
}

/** The place of a column. Throws E_TABLE_COLUMN. */
export function findColumn(header: readonly string[], name: string): number {
  const at = header.indexOf(name)
  if (at === -1) throw unknownName('E_TABLE_COLUMN', 'column', name, header)
  if (header.indexOf(name, at + 1) !== -1) throw new ToolkitError('E_TABLE_COLUMN', `two columns are called "${name}"`, { hint: 'rename one of them' })
  return at
}

/** What cells say that say nothing. */
const NOTHING = /^(?:nan|na|n\/a|null|none|)$/i
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** The number in a cell; NaN = it is empty, or says that there is none (NaN, NA, null). Throws E_TABLE_NUMBER. */
export function numberIn(path: string, row: TableRow, column: number, key: string): number {
  const text = row.cells[column]!.trim()
  if (NUMBER.test(text)) return Number(text)
  if (NOTHING.test(text)) return NaN
  const hint = /^[+-]?\d+,\d+$/.test(text) ? 'decimals are written with a point' : undefined
  throw rowError(path, row, { code: 'E_TABLE_NUMBER', message: `${key} is "${text}", no number`, hint })
}

/** The index of the frame in a cell, counted from 0. Throws E_TABLE_FRAME. */
export function frameIn(path: string, row: TableRow, { column, key = 'frame', firstFrame }: { column: number; key?: string; firstFrame: number }): number {
  const number = numberIn(path, row, column, key)
  const text = row.cells[column]!.trim()
  if (!Number.isSafeInteger(number)) throw rowError(path, row, { code: 'E_TABLE_FRAME', message: `${key} is "${text}", no whole number` })
  if (number >= firstFrame) return number - firstFrame
  throw rowError(path, row, { code: 'E_TABLE_FRAME', message: `${key} is ${text}, before the first frame, ${firstFrame}`,
    ...(number === 0 ? { hint: 'where frames count from 0, the catalog says layout.firstFrame: 0' } : {}) })
}
