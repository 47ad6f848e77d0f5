import type { Evaluation } from './evaluate.ts'

/** Measures taken now in place of the same ones taken before; the others stay where they were. */
export function mergeEvaluations(before: Evaluation, now: Evaluation): Evaluation {
  return { measures: merged(before.measures, now.measures), comparisons: merged(before.comparisons, now.comparisons) }
}

type Row = {
  readonly metric: string; readonly protocol: string; readonly action: string; readonly card: string; readonly encoder: string; readonly against?: string
}

function merged<R extends Row>(before: readonly R[], now: readonly R[]): R[] {
  const keyOf = ({ metric, protocol, action, card, encoder, against }: R) => [metric, protocol, action, card, encoder, against].join('\t')
  const taken = new Set(now.map(keyOf))
  return [...before.filter((row) => !taken.has(keyOf(row))), ...now]
}
