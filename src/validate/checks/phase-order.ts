import type { Check } from '../check.ts'
import { labelFlaw, labelText } from './label-flaw.ts'

/** Phases that do not come in the catalog's order of key events, come twice, or have a name it does not know. */
export const phaseOrder: Check = {
  code: 'phase-order', severity: 'error', title: 'phases come in another order, twice, or under unknown names', about: 'clip',
  find: ({ clip: { labels }, phases }) => (phases === null ? [] : labels.phases ?? []).flatMap((phase, at, all) => {
    const place = phases!.names.indexOf(phase.label)
    if (place === -1) return [labelFlaw(phase, `${phases!.action} has no phase "${phase.label}": ${phases!.names.join(', ')}`)]
    const before = all.slice(0, at).findLast(({ label }) => phases!.names.indexOf(label) >= place)
    if (before === undefined) return []
    return [labelFlaw(phase, before.label === phase.label ? `phase "${phase.label}" comes twice` : `${labelText(phase)} comes after ${labelText(before)}`)]
  }),
}
