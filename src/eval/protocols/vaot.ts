import { lav } from './lav.ts'
import type { Protocol } from './protocol.ts'

/** VAOT: one model for all actions, trained on the test side as LAV, tau at every fourth frame, retrieval among all frames of the other clips, mean over frames. */
export const vaot: Protocol = {
  ...lav, name: 'vaot', source: 'Ali, Mahmood et al., Joint Self-Supervised Video Alignment and Action Segmentation (VAOT), ICCV 2025; trquhuytin/VAOT-ICCV25 evaluations.py, evals/*',
  scope: 'one model for all actions', metrics: ['kendall-tau', 'phase-accuracy-svm', 'phase-progression', 'retrieval'], onRequest: [],
  tau: { ...lav.tau, stride: 4 },
  retrieval: { ...lav.retrieval, pool: 'other clips', averages: ['frame'] },
}
