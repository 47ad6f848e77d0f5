import { ToolkitError } from '../../errors.ts'
import type { ClipTable } from '../clip-source.ts'
import { passes } from './filter.ts'
import { type Partners, partnersOf } from './pairs.ts'
import type { PlanSpec } from './plan-spec.ts'
import { rowsThat } from './rows-that.ts'
import { countWindows, spanOf } from './windows.ts'

/** Clips that a plan leaves out. */
export type Left = {
  readonly by: 'filter' | 'mixture' | 'balance' | 'windows' | 'pairs'
  readonly clips: number
  /** After "so many clips": `have no action`. */
  readonly why: string
  /** The id of the first of them. */
  readonly first: string
}

type Rule = { readonly by: Left['by']; readonly why: string; readonly keeps: (row: number) => boolean }

/** The rows that a plan makes samples of, in order, and those it does not. Throws E_LOADER_PAIR for clips without a partner, unless they may be dropped. */
export function rowsOf(spec: PlanSpec, clips: ClipTable): { rows: Uint32Array; left: Left[]; partners: Partners | null } {
  const left: Left[] = []
  let rows = new Uint32Array(clips.count)
  for (let row = 0; row < clips.count; row++) rows[row] = row
  const apply = ({ by, why, keeps }: Rule): void => {
    const kept = rowsThat(keeps, rows)
    if (kept.length < rows.length) left.push({ by, clips: rows.length - kept.length, why, first: clips.id(rows.find((row) => !keeps(row))!) })
    rows = kept
  }
  for (const rule of rulesOf(spec, clips)) apply(rule)
  if (spec.pairs === undefined) return { rows, left, partners: null }
  const { same, differs, without } = spec.pairs
  const partners = partnersOf(rows, clips, spec.pairs)
  apply({ by: 'pairs', why: `have no partner of the same ${same} and another ${differs}`, keeps: (row) => partners.count(row) > 0 })
  const alone = left.find(({ by }) => by === 'pairs')
  if (alone !== undefined && without !== 'drop') {
    throw new ToolkitError('E_LOADER_PAIR', `${alone.clips} of ${rows.length + alone.clips} clips ${alone.why}; the first is ${alone.first}`, {
      hint: 'leave them out by a filter, or say pairs.without = drop' })
  }
  return { rows, left, partners }
}

function rulesOf({ filter, mixture, balance, windows }: PlanSpec, clips: ClipTable): Rule[] {
  const rules: Rule[] = []
  if (filter !== undefined) rules.push({ by: 'filter', why: 'do not pass the filter', keeps: passes(filter, clips) })
  if (mixture !== undefined) {
    const parts = mixture.map(({ where }) => passes(where, clips))
    rules.push({ by: 'mixture', why: 'are in no part of the mixture', keeps: (row) => parts.some((isIn) => isIn(row)) })
  }
  if (balance !== undefined) {
    const { codes } = clips.label(balance.by)
    rules.push({ by: 'balance', why: `have no ${balance.by}`, keeps: (row) => codes[row]! >= 0 })
  }
  if (windows !== undefined) {
    const why = windows.rest === 'pad' ? 'have no frame' : `are shorter than a window, which reaches over ${spanOf(windows)} frames`
    rules.push({ by: 'windows', why, keeps: (row) => countWindows(clips.frames[row]!, windows) > 0 })
  }
  return rules
}
