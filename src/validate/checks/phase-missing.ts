import type { Check } from '../check.ts'
import { labelFlaw } from './label-flaw.ts'

/** A phase that the catalog knows of the action has no frame in an annotated clip. */
export const phaseMissing: Check = {
  code: 'phase-missing', severity: 'warn', title: 'a phase of the action has no frame', about: 'clip',
  find: ({ clip: { labels }, phases }) => (labels.phases === null || phases === null ? [] : phases.names)
    .filter((name) => !labels.phases!.some(({ label, start, end }) => label === name && start < end))
    .map((name) => labelFlaw({ start: null, end: null }, `no frame of phase "${name}"`)),
}
