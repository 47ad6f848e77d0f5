import { type Difference, difference, estimate, type Estimate } from '../../src/eval/bootstrap.ts'
import { holm } from '../../src/eval/holm.ts'
import { macroMean } from '../../src/eval/macro-mean.ts'
import type { Measured } from '../../src/eval/measured.ts'
import type { Found, Kind, Subject } from './measured.ts'
import type { Column, Spec } from './spec.ts'

/** Where a number stands; `action` null = the plain mean over the column's actions. */
type At = { readonly column: string; readonly condition: string; readonly action: string | null; readonly subject: string }

/** A value with its 95 % interval: the mean over seeds, recordings and seeds drawn again. `n` counts what `unit` says, `clips` the clips drawn from. */
export type Value = At & Estimate & { readonly seeds: number; readonly n: number; readonly unit: string; readonly clips: number }

/** subject - against on the same draws; `holm` = p adjusted for testing every action of the column. */
export type Gap = At & Difference & { readonly against: string; readonly holm: number | null }

export type ResultColumn = Column & Pick<Kind, 'better' | 'needs' | 'settings'> & { readonly isDiagnostic: boolean }

export type Results = {
  readonly subjects: readonly Subject[]
  readonly conditions: readonly string[]
  readonly columns: readonly ResultColumn[]
  readonly values: readonly Value[]
  readonly differences: readonly Gap[]
}

/** Every number of a table: values by action and over actions, and paired differences of each row from each floor, and from its rivals. */
export function resultsOf(spec: Pick<Spec, 'columns' | 'rivals'>, actions: readonly string[], found: Found): Results {
  const { protocol, subjects } = found
  const conditions = found.conditions.map(({ label }) => label)
  const columns = columnsOf(spec, actions, found)
  const [values, differences]: [Value[], Gap[]] = [[], []]
  for (const column of columns) {
    for (const condition of conditions) {
      const parts = new Map(subjects.map(({ label: subject }) => [subject, partsOf(found, column, condition, subject)]))
      for (const [subject, { overall, byAction }] of parts) {
        for (const [action, over] of [[null, overall] as const, ...byAction]) {
          const { n, unit, clips } = over[0]!
          values.push({ column: column.title, condition, action, subject, ...estimate(over, protocol), seeds: over.length, n, unit, clips: clips.length })
        }
      }
      for (const [subject, against] of pairsOf(spec, subjects)) {
        const [one, other] = [parts.get(subject)!, parts.get(against)!]
        const ofActions = one.byAction.map(([action, over], at) => ({ action, ...difference(over, other.byAction[at]![1], protocol) }))
        const adjusted = holm(ofActions.map(({ p }) => p))
        const place = { column: column.title, condition, subject, against }
        differences.push({ ...place, action: null, ...difference(one.overall, other.overall, protocol), holm: null })
        differences.push(...ofActions.map((gap, at) => ({ ...place, ...gap, holm: adjusted[at]! })))
      }
    }
  }
  return { subjects, conditions, columns, values, differences }
}

/** The table's own columns, as far as their actions are there, then every other measure over the actions that have it. */
function columnsOf({ columns }: Pick<Spec, 'columns'>, actions: readonly string[], found: Found): ResultColumn[] {
  const kindOf = ({ metric, card }: Pick<Column, 'metric' | 'card'>) => found.kinds.find((kind) => kind.metric === metric && kind.card === card)
  const own = columns.flatMap((column) => {
    const [kind, of] = [kindOf(column), column.actions.filter((action) => actions.includes(action))]
    return kind === undefined || of.length === 0 ? [] : [{ ...kind, ...column, actions: of, isDiagnostic: false }]
  })
  const others = found.kinds.flatMap((kind) => {
    if (columns.some(({ metric, card }) => kind.metric === metric && kind.card === card)) return []
    const of = actions.filter((action) => found.subjects.some(({ label: subject }) =>
      found.at({ subject, condition: found.conditions[0]!.label, action, ...kind }).some(({ reason }) => reason === null)))
    return of.length === 0 ? [] : [{ ...kind, title: `${kind.metric}/${kind.card}`, actions: of, isDiagnostic: true }]
  })
  return [...own, ...others] as ResultColumn[]
}

/** A subject's measures of a column by action, and their macro mean, seeds apart. */
function partsOf(found: Found, { metric, card, actions }: ResultColumn, condition: string, subject: string) {
  const byAction = actions.map((action) => [action, found.at({ subject, condition, action, metric, card })] as const)
  const seeds = byAction[0]![1].length
  const overall: Measured[] = Array.from({ length: seeds }, (_, seed) => macroMean(byAction.map(([, over]) => over[seed]!)))
  return { byAction, overall }
}

function pairsOf({ rivals = [] }: Pick<Spec, 'rivals'>, subjects: readonly Subject[]): [string, string][] {
  const [rows, floors] = [subjects.filter(({ isFloor }) => !isFloor), subjects.filter(({ isFloor }) => isFloor)]
  const labels = rows.map(({ label }) => label)
  const between = rivals.flatMap((rival) => labels.slice(labels.indexOf(rival) + 1).map((label): [string, string] => [label, rival]))
  return [...between, ...rows.flatMap(({ label }) => floors.map((floor): [string, string] => [label, floor.label]))]
}
