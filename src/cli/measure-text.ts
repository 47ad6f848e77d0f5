import type { EvalResult } from '../jobs/eval.ts'
import { nextCommand } from './next-command.ts'
import { probeText } from './probe-text.ts'
import { textTable } from './text-table.ts'

type Measure = EvalResult['measures'][number]

/** What a run reached beside its floors: a table per action, a row per measure, a column per encoder, the run's first, with its 95 % interval. */
export function measureText({ run, measures, probes, files, warnings }: EvalResult, place: Parameters<typeof nextCommand>[1]): string {
  const tables = [...new Set(measures.map(({ action }) => action))].map((action) => actionText(action, measures.filter((measure) => measure.action === action)))
  return [...tables, ...(probes.length === 0 ? [] : [probeText(probes)]), ...warnings.map((warning) => `warning: ${warning}`), `kept in ${files.join(' and ')}; every value with its interval and reason: posetta sql "from measures"`, nextCommand(['report', run], place)].join('\n\n')
}

function actionText(action: string, measures: readonly Measure[]): string {
  const encoders = [...new Set(measures.map(({ encoder }) => encoder))]
  const rows = new Map<string, Measure[]>()
  for (const measure of measures) {
    const { metric, card, labels, protocol } = measure
    const key = [metric, card, labels, protocol].join(' ')
    rows.set(key, [...(rows.get(key) ?? []), measure])
  }
  return `${action}\n${textTable(
    ['measure', 'card', 'labels', 'n', encoders[0] ?? '', '95 %', ...encoders.slice(1).map((name) => name.replace('baseline/', ''))],
    [...rows.values()].map((row) => {
      const [own] = row
      const of = (encoder: string): string => number(row.find((measure) => measure.encoder === encoder)?.value ?? null)
      return [`${own!.metric} ${own!.better === 'higher' ? '↑' : '↓'}`, own!.card, own!.labels, own!.n, of(encoders[0]!), own!.low === null || own!.high === null ? '' : `${number(own!.low)} ${number(own!.high)}`, ...encoders.slice(1).map(of)]
    }),
  )}`
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}
