import { EVENT_ACTIONS, PSEUDO_ACTIONS } from '../../src/eval/pseudo-phases.ts'
import { type Column, PENN_ACTIONS } from './spec.ts'

/** The headline metrics, and tau, which is never one. The claim on events is made of five actions; squat has events too, but no phases. */
export const alignmentColumns: readonly Column[] = [
  { title: 'RCS', metric: 're-cut-cycle-skill', card: 'views', actions: PENN_ACTIONS },
  { title: 'ETE', metric: 'event-transfer-error', card: 'views', actions: PSEUDO_ACTIONS },
  { title: 'PCE@.2', metric: 'event-transfer-correct', card: 'views', actions: PSEUDO_ACTIONS },
  { title: 'ETE with squat', metric: 'event-transfer-error', card: 'views', actions: EVENT_ACTIONS },
  { title: 'tau, whole (a diagnostic)', metric: 'kendall-tau', card: 'whole', actions: PENN_ACTIONS },
  { title: 'tau, cut (a diagnostic)', metric: 'kendall-tau', card: 'cut', actions: PENN_ACTIONS },
]
