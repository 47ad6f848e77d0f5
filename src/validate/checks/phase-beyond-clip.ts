import type { Check } from '../check.ts'
import { isBeyond, labelFlaw, labelText } from './label-flaw.ts'

/** A phase reaches beyond the clip, ends before it begins, or is not counted in whole frames. */
export const phaseBeyondClip: Check = {
  code: 'phase-beyond-clip', severity: 'error', title: 'a phase is not within the clip', about: 'clip',
  find: ({ clip: { labels, frames } }) => (labels.phases ?? []).filter((phase) => isBeyond(phase, frames)).map((phase) =>
    labelFlaw(phase, `${labelText(phase)} is not within the clip's frames 0 to ${frames - 1}`)),
}
