import type { Check, Subject } from '../check.ts'
import { framesText, type Run } from '../runs.ts'
import { labelFlaw, labelText } from './label-flaw.ts'

/** Phases leave frames out: between two of them, before the first or after the last. */
export const phaseGap: Check = {
  code: 'phase-gap', severity: 'error', title: 'phases leave frames out', about: 'clip',
  find: (subject) => gaps(subject).filter(({ start, end }) => start < end)
    .map(({ place, ...gap }) => labelFlaw(gap, `no phase in ${framesText(gap)}, ${place}`)),
}

/** What lies between phases, the clip's own ends included; nothing where `end` <= `start`. */
function gaps({ clip: { labels: { phases }, frames } }: Subject): (Run & { readonly place: string })[] {
  if (phases === null || phases.length === 0) return []
  const ends = phases.map((_, at) => Math.max(...phases.slice(0, at + 1).map(({ end }) => end)))
  return [
    { start: 0, end: Math.min(phases[0]!.start, frames), place: `before ${labelText(phases[0]!)}` },
    ...phases.slice(1).map((phase, at) => ({ start: ends[at]!, end: phase.start, place: `between ${labelText(phases[at]!)} and ${labelText(phase)}` })),
    { start: ends.at(-1)!, end: frames, place: `after ${labelText(phases.at(-1)!)}` }]
}
