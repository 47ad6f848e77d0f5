import { primary } from './primary.ts'
import type { Protocol } from './protocol.ts'

/** CASA: logistic regression (its default; a support vector machine is in the code), tau at every second frame of Penn Action, no retrieval. */
export const casa: Protocol = {
  ...primary, name: 'casa', source: 'Kwon et al., Context-Aware Sequence Alignment, CVPR 2022; taeinkwon/CASA src/evaluation/*', cards: ['whole'],
  scope: 'one model per action', metrics: ['kendall-tau', 'phase-accuracy', 'phase-progression'], onRequest: ['phase-accuracy-svm'],
  tau: { ...primary.tau, pairs: 'other clips' },
}
