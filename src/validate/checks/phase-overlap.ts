import type { Check } from '../check.ts'
import { labelFlaw, labelText } from './label-flaw.ts'

/** A phase begins before the one before it has ended. */
export const phaseOverlap: Check = {
  code: 'phase-overlap', severity: 'error', title: 'phases overlap', about: 'clip',
  find: ({ clip: { labels } }) => (labels.phases ?? []).flatMap((phase, at, all) => {
    const before = all[at - 1]
    return before === undefined || phase.start >= before.end ? [] : [
      labelFlaw({ start: phase.start, end: before.end }, `${labelText(phase)} begins before ${labelText(before)} has ended`)]
  }),
}
