import {
  binaryCrossEntropy, cosineSimilarity, crossEntropy, distributionCrossEntropy, gaussianDivergence, huber, infoNce, klDivergence, ntXent, smoothL1, softmax, squaredError,
} from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

export const cases: readonly Case[] = [
  { title: 'crossEntropy', shapes: [[3, 4], [3], [4]], feeds: [undefined, [1, -100, 3], [1, 2, 0.5, 1.5]], differentiable: [0],
    make: (x, c, weights) => crossEntropy(x!, c!, { weights: weights!, smoothing: 0.1 }) },
  { title: 'crossEntropy over axis 1', shapes: [[2, 3, 2], [2, 2]], feeds: [undefined, [0, 2, 1, 1]], differentiable: [0], make: (x, c) => crossEntropy(x!, c!, { axis: 1, reduction: 'none' }) },
  { title: 'distributionCrossEntropy', shapes: [[3, 4], [3, 4]], above: 0.1, make: (x, s) => distributionCrossEntropy(x!, s!) },
  { title: 'binaryCrossEntropy', shapes: [[3, 4], [3, 4], [4]], above: 0.1, make: (x, t, positiveWeights) => binaryCrossEntropy(x!, t!, { positiveWeights: positiveWeights! }) },
  { title: 'squaredError', shapes: [[3, 4], [3, 4]], make: (a, b) => squaredError(a!, b!) },
  { title: 'huber', shapes: [[3, 4], [3, 4]], make: (a, b) => huber(a!, b!, { delta: 0.4 }) },
  { title: 'smoothL1', shapes: [[3, 4], [3, 4]], make: (a, b) => smoothL1(a!, b!, { delta: 0.4, reduction: 'sum' }) },
  { title: 'cosineSimilarity', shapes: [[3, 4], [4]], make: (a, b) => cosineSimilarity(a!, b!) },
  { title: 'infoNce', shapes: [[3, 4], [3, 4], [2, 4]], make: (q, k, negatives) => infoNce(q!, k!, { negatives: negatives!, temperature: 0.5 }) },
  { title: 'ntXent', shapes: [[2, 3], [2, 3]], make: (a, b) => ntXent(a!, b!, { temperature: 0.5 }) },
  { title: 'klDivergence', shapes: [[3, 4], [3, 4]], make: (a, b) => klDivergence(a!, softmax(b!)) },
  { title: 'gaussianDivergence', shapes: [[3], [3]], make: (mean, logVariance) => gaussianDivergence(mean!, logVariance!) },
]
