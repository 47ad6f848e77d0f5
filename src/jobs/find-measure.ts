import { ToolkitError, unknownName } from '../errors.ts'
import type { Measure } from '../eval/evaluate.ts'
import { shellWord } from '../shell-word.ts'

/** A cell of a report's table: a metric's full name, and what else tells it from its neighbours where there are several. */
export type MeasureName = { readonly metric: string; readonly protocol?: string | undefined; readonly action?: string | undefined; readonly card?: string | undefined }

const parts = ['protocol', 'action', 'card'] as const

/** The one measure of a run that is meant. Throws E_MEASURE_UNKNOWN with the nearest name, E_MEASURE_AMBIGUOUS with all that it could be. */
export function findMeasure(run: string, measures: readonly Measure[], named: MeasureName): Measure {
  const ofMetric = measures.filter(({ metric }) => metric === named.metric)
  if (ofMetric.length === 0) throw unknownName('E_MEASURE_UNKNOWN', `measure of run ${run} named`, named.metric, [...new Set(measures.map(({ metric }) => metric))])
  let left = ofMetric
  for (const part of parts) {
    const wanted = named[part]
    const fitting = wanted === undefined ? left : left.filter((measure) => measure[part] === wanted)
    if (fitting.length === 0) throw unknownName('E_MEASURE_UNKNOWN', `${named.metric} of run ${run} with the ${part}`, wanted!, [...new Set(left.map((measure) => measure[part]))])
    left = fitting
  }
  if (left.length === 1) return left[0]!
  const open = parts.filter((part) => new Set(left.map((measure) => measure[part])).size > 1)
  const choices = left.map((measure) => open.map((part) => `--${part} ${shellWord(measure[part])}`).join(' '))
  throw new ToolkitError('E_MEASURE_AMBIGUOUS', `run ${run} has ${left.length} measures ${named.metric}`, { hint: `say which: ${choices.join(', or ')}` })
}
