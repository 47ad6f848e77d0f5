import type { Protocol } from './protocol.ts'

/** Ours: whole and cut clips, trained on train, tested on test, every metric. */
export const primary: Protocol = {
  name: 'primary', source: 'posetta: whole and cut clips, trained on train, tested on test', seed: 0, cards: ['whole', 'cut'], scope: null, embeddings: 'as made',
  metrics: null, onRequest: [],
  tau: { stride: 2, distance: 'squared Euclidean', pairs: 'other recordings', constant: 'drop' },
  classification: { trainedOn: 'train', fractions: [0.1, 0.5, 1], labels: 'first clips', features: 'as they are' },
  progression: { trainedOn: 'train', missing: 'copy', columns: 'K - 1' },
  retrieval: { stride: 1, ks: [5, 10, 15], distance: 'squared Euclidean', pool: 'other recordings', score: 'precision', averages: ['clip', 'frame'] },
  draws: 1000,
}

/** `primary` with as few draws as leave the least p-value, 2 / (draws + 1), times seven floors below .05, and all labels only. */
export const quick: Protocol = {
  ...primary, name: 'quick', source: 'posetta: primary with 300 bootstrap draws', classification: { ...primary.classification, fractions: [1] }, draws: 300,
}
