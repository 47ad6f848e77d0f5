import { primary } from './primary.ts'
import type { Protocol } from './protocol.ts'

/**
 * AE2: average precision of the ten nearest frames, a column of progress for every phase, columns that a clip lacks left out. Its classification is an F1 score and not
 * taken; its cross-view variants need two views of one recording.
 */
export const ae2: Protocol = {
  ...primary, name: 'ae2', source: 'Xue and Grauman, Learning Fine-grained View-Invariant Representations (AE2), NeurIPS 2023; zihuixue/AlignEgoExo evaluation/*', cards: ['whole'],
  scope: 'one model per action', metrics: ['kendall-tau', 'phase-progression', 'retrieval'], onRequest: [],
  tau: { ...primary.tau, stride: 5, pairs: 'other clips' },
  progression: { ...primary.progression, missing: 'exclude', columns: 'K' },
  retrieval: { ...primary.retrieval, ks: [10], distance: 'Euclidean', pool: 'other clips', score: 'average precision', averages: ['frame'] },
}
