import type { EvalResult } from '../jobs/eval.ts'
import { textTable } from './text-table.ts'

const names = ['offset', 'shuffle', 'reverse', 'still'] as const

/** What each encoder was found to be, a row each; a run that collapsed or counts is named first, loudly. */
export function probeText(probes: EvalResult['probes']): string {
  const [own] = probes
  const table = textTable(['encoder', 'is', ...names.flatMap((name) => [`${name}: frame`, 'place']), 'spread', 'rank'], probes.map((probed) => [
    probed.encoder.replace('baseline/', ''), probed.verdict ?? 'not known: clips too short',
    ...names.flatMap((name) => [number(probed[name].content), number(probed[name].index)]), number(probed.spread), number(probed.rank),
  ]))
  const warning = own === undefined || own.warning === null ? '' : `WARNING: ${own.encoder} ${own.verdict === 'collapsed' ? 'has ' : ''}${own.verdict}: ${own.warning}\n\n`
  return `${warning}probes of ${own?.clips ?? 0} clips: does an embedding go with the frame that is shown or with its place (1 = always)?\n${table}`
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(2)
}
