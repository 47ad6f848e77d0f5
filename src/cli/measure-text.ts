import type { EvalResult } from '../jobs/eval.ts'
import { textTable } from './text-table.ts'

/** Measures of a run beside its floors, a row per measure and encoder; a value that cannot be computed has its reason. */
export function measureText({ run, measures, files }: EvalResult): string {
  const number = (value: number | null): string => (value === null ? '' : value.toFixed(3))
  const rows = measures.map(({ metric, action, card, labels, encoder, value, low, high, n, reason }) =>
    [metric, action, card, labels, encoder, number(value), number(low), number(high), n, reason ?? ''])
  return `${textTable(['metric', 'action', 'card', 'labels', 'encoder', 'value', 'low', 'high', 'n', 'reason'], rows)}\nkept in ${files.join(' and ')}\nnext: posetta report ${run}`
}
