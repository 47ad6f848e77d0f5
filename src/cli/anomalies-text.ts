import type { AnomaliesResult } from '../jobs/anomalies.ts'
import { textTable } from './text-table.ts'

/** What of a clip is out of the ordinary, and how often a clean clip is said to be. */
export function anomaliesText({ encoder, clip, references, limit, segments, steps, frames, output }: AnomaliesResult): string {
  const highest = frames.reduce((most, one) => (one.score > most.score ? one : most))
  return [
    `${clip.id} (${clip.frames} frames) beside ${references.length} references, by ${encoder}`,
    ...(segments.length === 0
      ? [`no frame is out of the ordinary: the highest score is ${short(highest.score)} of ${short(limit.value)}, the limit, at frame ${highest.frame}`]
      : segments.map(({ start, end, kind, times }) => `frames ${start} to ${end - 1}: ${kind === 'unknown' ? 'nothing like it in the references' : 'the references have it, but not at this moment'}${times === null ? '' : ` (${times.toFixed(1)} times the limit)`}`)),
    `a clean clip has frames above the limit with a chance of ${percent(limit.chance)}`,
    ...stepLines(steps), ...(output === null ? [] : [output]),
  ].join('\n')
}

function stepLines(steps: AnomaliesResult['steps']): string[] {
  if (steps === null) return ['steps: fewer than 4 references have phases']
  const rows = steps.steps.map(({ label, state, frames, usual, times }) => [label, state, frames, `${usual[1]} (${usual[0]} to ${usual[2]})`, times === null ? null : Number(times.toFixed(2))])
  return ['', textTable(['step', 'state', 'frames', 'usual', 'distance / usual'], rows),
    `of ${steps.references} references with phases; a clean clip is said to lack a step with a chance of ${percent(steps.chance)}`]
}

function short(value: number): number {
  return Number(value.toPrecision(3))
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
