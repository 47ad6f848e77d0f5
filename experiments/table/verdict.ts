import type { Gap, Results } from './results.ts'

/** Whether all of the interval of a difference lies on the better side of 0. */
export function isAhead(results: Results, { value, low, high, column }: Gap): boolean {
  if (value === null || low === null || high === null) return false
  return results.columns.find(({ title }) => title === column)!.better === 'higher' ? low > 0 : high < 0
}

/** The difference of two subjects in a column, over its actions. */
export function gapOf(results: Results, { column, condition, subject, against }: Pick<Gap, 'column' | 'condition' | 'subject' | 'against'>): Gap {
  const found = results.differences.find((gap) => gap.action === null && gap.column === column && gap.condition === condition && gap.subject === subject && gap.against === against)
  if (found === undefined) throw new Error(`no difference of ${subject} from ${against} in ${column}, ${condition}`)
  return found
}

/** A value or a difference with its interval. */
export function inWords({ value, low, high }: Pick<Gap, 'value' | 'low' | 'high'>): string {
  return value === null || low === null || high === null ? 'not measured' : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
}
