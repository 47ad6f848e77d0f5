import { primary } from './primary.ts'
import type { Protocol } from './protocol.ts'

/**
 * CARL: one model for all actions, embeddings of unit length, logistic regression, retrieval among every second frame of the other clips, mean over clips; stops at
 * a clip that lacks a phase. Stride 2 is that of Penn Action.
 */
export const carl: Protocol = {
  ...primary, name: 'carl', source: 'Chen et al., Frame-wise Action Representations for Long Videos (CARL), CVPR 2022; minghchen/CARL_code evaluation/*', cards: ['whole'],
  scope: 'one model for all actions', embeddings: 'unit length', metrics: ['kendall-tau', 'phase-accuracy', 'phase-progression', 'retrieval'],
  onRequest: ['phase-accuracy-svm'],
  tau: { ...primary.tau, pairs: 'other clips' },
  progression: { ...primary.progression, missing: 'crash' },
  retrieval: { ...primary.retrieval, stride: 2, pool: 'other clips', averages: ['clip'] },
}
