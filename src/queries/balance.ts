import type { DuckDBConnection } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { type Side, sides } from '../split.ts'
import { type ChiSquare, chiSquare } from './chi-square.ts'
import { rowsOf } from './rows-of.ts'

/** How much there is on each side of a split, and whether actions are spread over the sides as chance would. */
export type Balance = {
  readonly sides: readonly { readonly side: Side; readonly clips: number; readonly recordings: number; readonly frames: number }[]
  /** Recordings of each action on each side, in order of name; null = without an action. */
  readonly actions: readonly { readonly action: string | null; readonly recordings: Readonly<Partial<Record<Side, number>>> }[]
  /** Are action and side independent, by recordings that have an action? null = fewer than two actions, or two sides. */
  readonly chiSquare: ChiSquare | null
}

/** The balance of the `members` of a session. */
export async function balanceOf(connection: DuckDBConnection): Promise<Balance> {
  const rows = await rowsOf(connection, await readFile(new URL('./balance.sql', import.meta.url), 'utf8'), {})
  const number = (row: Record<string, unknown> | undefined, name: string): number => Number(row?.[name] ?? 0)
  const whole = sides.flatMap((side) => {
    const row = rows.find((row) => row['side'] === side && row['is_all'] === true)
    return row === undefined ? [] : [{ side, clips: number(row, 'clips'), recordings: number(row, 'recordings'), frames: number(row, 'frames') }]
  })
  const ofActions = rows.filter((row) => row['is_all'] === false)
  const names = [...new Set(ofActions.map(({ action }) => action as string | null))].toSorted((a, b) => (a === b ? 0 : b === null || (a !== null && a < b) ? -1 : 1))
  const actions = names.map((name) => {
    const recordings = whole.map(({ side }) => [side, number(ofActions.find((row) => row['side'] === side && row['action'] === name), 'recordings')] as const)
    return { action: name, recordings: Object.fromEntries(recordings) as Partial<Record<Side, number>> }
  })
  const named = actions.filter(({ action }) => action !== null)
  return { sides: whole, actions, chiSquare: chiSquare(named.map(({ recordings }) => whole.map(({ side }) => recordings[side]!))) }
}
