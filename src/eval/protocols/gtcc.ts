import { primary } from './primary.ts'
import type { Protocol } from './protocol.ts'

/**
 * GTCC: a support vector machine on standardised features of frames drawn from the test side, tested on all of its frames; tau at every frame, and no value once a pair has
 * none. Its progression and enclosed-area error are other measures and not taken.
 */
export const gtcc: Protocol = {
  ...primary, name: 'gtcc', source: 'Donahue and Elhamifar, Learning to Predict Activity Progress by Self-Supervised Video Alignment (GTCC), CVPR 2024; gerardDonahue/GTCC_CVPR2024 utils/evaluation.py',
  cards: ['whole'], scope: 'one model per action', metrics: ['kendall-tau', 'phase-accuracy-svm'], onRequest: [],
  tau: { stride: 1, distance: 'Euclidean', pairs: 'other clips', constant: 'keep' },
  classification: { trainedOn: 'test', fractions: [0.1, 0.5, 1], labels: 'random frames', features: 'standardised' },
}
