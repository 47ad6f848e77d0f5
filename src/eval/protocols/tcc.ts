import { primary } from './primary.ts'
import type { Protocol } from './protocol.ts'

/** TCC: support vector machine, tau at every fifth frame (its configuration; its comment says otherwise), no retrieval; stops at a clip that lacks a phase. */
export const tcc: Protocol = {
  ...primary, name: 'tcc', source: 'Dwibedi et al., Temporal Cycle-Consistency Learning, CVPR 2019; google-research/tcc evaluation/*', cards: ['whole'],
  scope: 'one model per action', metrics: ['kendall-tau', 'phase-accuracy-svm', 'phase-progression'], onRequest: ['phase-accuracy'],
  tau: { ...primary.tau, stride: 5, pairs: 'other clips' },
  progression: { ...primary.progression, missing: 'crash' },
}
