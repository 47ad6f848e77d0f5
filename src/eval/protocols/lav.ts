import { primary } from './primary.ts'
import type { Protocol } from './protocol.ts'

/**
 * LAV as released: "train and val" are both the test side, so that classifier and regression are trained on what they are tested on. Its retrieval looks for
 * neighbours inside the query's own clip with the query among them: a quirk that is taken when named, and says nothing. Progression is commented out there.
 */
export const lav: Protocol = {
  ...primary, name: 'lav', source: 'Haresh et al., Learning by Aligning Videos in Time, CVPR 2021; trquhuytin/LAV-CVPR21 evaluations.py, evals/*', cards: ['whole'],
  scope: 'one model per action', metrics: ['kendall-tau', 'phase-accuracy-svm'], onRequest: ['phase-progression', 'retrieval'],
  tau: { ...primary.tau, stride: 5, pairs: 'other clips' },
  classification: { ...primary.classification, trainedOn: 'test' },
  progression: { ...primary.progression, trainedOn: 'test', missing: 'before' },
  retrieval: { ...primary.retrieval, distance: 'Euclidean', pool: 'own clip', averages: ['clip'] },
}
