import { describe, expect, test } from 'vitest'
import {
  absoluteError, binaryCrossEntropy, cosineSimilarity, crossEntropy, distributionCrossEntropy, evaluate, gaussianDivergence, gradients, huber, infoNce, input, klDivergence, logSoftmax, ntXent,
  ortExecutor, smoothL1, softmax, squaredError, unitRows,
} from '../../src/engine/index.ts'
import { cases } from './cases/losses.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

const [none, sum] = [{ reduction: 'none' }, { reduction: 'sum' }] as const

checkRecorded('losses', {
  crossEntropy: (x, c) => crossEntropy(x!, c!), 'crossEntropy, sum': (x, c) => crossEntropy(x!, c!, sum), 'crossEntropy, none': (x, c) => crossEntropy(x!, c!, none),
  'crossEntropy, axis 1 of three': (x, c) => crossEntropy(x!, c!, { axis: 1 }), 'crossEntropy, last axis of three': (x, c) => crossEntropy(x!, c!),
  'crossEntropy of one sample': (x, c) => crossEntropy(x!, c!), 'crossEntropy of one class': (x, c) => crossEntropy(x!, c!),
  'crossEntropy, smoothed': (x, c) => crossEntropy(x!, c!, { smoothing: 0.1 }), 'crossEntropy, weighted': (x, c, weights) => crossEntropy(x!, c!, { weights: weights! }),
  'crossEntropy, weighted, smoothed, ignoring': (x, c, weights) => crossEntropy(x!, c!, { weights: weights!, smoothing: 0.2 }), 'crossEntropy, ignoring': (x, c) => crossEntropy(x!, c!),
  'crossEntropy, weighted, smoothed, sum': (x, c, weights) => crossEntropy(x!, c!, { weights: weights!, smoothing: 0.2, ...sum }),
  'crossEntropy, ignoring class 1, none': (x, c) => crossEntropy(x!, c!, { ignoreIndex: 1, ...none }), 'crossEntropy, ignoring all, sum': (x, c) => crossEntropy(x!, c!, sum),
  'crossEntropy of far numbers': (x, c) => crossEntropy(x!, c!, none), 'crossEntropy with a class ruled out': (x, c) => crossEntropy(x!, c!),
  distributionCrossEntropy: (x, s) => distributionCrossEntropy(x!, s!),
  'distributionCrossEntropy, weighted, smoothed': (x, s, weights) => distributionCrossEntropy(x!, s!, { weights: weights!, smoothing: 0.1 }),
  'distributionCrossEntropy to a prediction': (x, t) => distributionCrossEntropy(x!, softmax(t!), none),
  binaryCrossEntropy: (x, t) => binaryCrossEntropy(x!, t!), 'binaryCrossEntropy of far numbers': (x, t) => binaryCrossEntropy(x!, t!, none),
  'binaryCrossEntropy, weighted': (x, t, weights, positiveWeights) => binaryCrossEntropy(x!, t!, { weights: weights!, positiveWeights: positiveWeights!, ...sum }),
  squaredError: (a, b) => squaredError(a!, b!), 'squaredError, none': (a, b) => squaredError(a!, b!, none),
  absoluteError: (a, b) => absoluteError(a!, b!), 'absoluteError of equal numbers': (a, b) => absoluteError(a!, b!),
  huber: (a, b) => huber(a!, b!), 'huber, delta 0.5, none': (a, b) => huber(a!, b!, { delta: 0.5, ...none }),
  smoothL1: (a, b) => smoothL1(a!, b!), 'smoothL1, delta 2, sum': (a, b) => smoothL1(a!, b!, { delta: 2, ...sum }), 'smoothL1 at its kinks': (a, b) => smoothL1(a!, b!, none),
  cosineSimilarity: (a, b) => cosineSimilarity(a!, b!), 'cosineSimilarity over the first axis, broadcast': (a, b) => cosineSimilarity(a!, b!, { axis: 0 }),
  'cosineSimilarity of zeros': (a, b) => cosineSimilarity(a!, b!), unitRows: (x) => unitRows(x!), 'unitRows of zeros': (x) => unitRows(x!),
  infoNce: (q, k) => infoNce(q!, k!), 'infoNce with negatives': (q, k, negatives) => infoNce(q!, k!, { negatives: negatives! }), ntXent: (a, b) => ntXent(a!, b!, { temperature: 0.5 }),
  klDivergence: (x, s) => klDivergence(logSoftmax(x!), s!, sum), 'klDivergence, mean': (x, s) => klDivergence(logSoftmax(x!), s!),
  'klDivergence of two predictions': (x, t) => klDivergence(logSoftmax(x!), softmax(t!), none),
  gaussianDivergence: (m, v) => gaussianDivergence(m!, v!), 'gaussianDivergence of the standard one': (m, v) => gaussianDivergence(m!, v!, none),
})

describe('crossEntropy', () => {
  const [logits, classes] = [input('x', [2, 3]), input('c', [2])]
  const loss = crossEntropy(logits, classes)

  test.each([[-1], [3], [1.5], [NaN]])('is NaN when an index is %s, which is no class', async (index) => {
    const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [logits, classes], state: [], outputs: { loss } })
    const found = await program.run({ x: { shape: [2, 3], data: new Float32Array(6) }, c: { shape: [2], data: Float32Array.of(0, index) } })
    await program.close()
    expect([evaluate([loss], { x: new Float32Array(6), c: [0, index] })[0]![0], found['loss']!.data[0]]).toEqual([NaN, NaN])
  })

  test('has no mean over nothing but ignored samples, and no derivative goes to the logits', () => {
    const [value, derivative] = evaluate([loss, ...gradients(crossEntropy(logits, classes, sum), [logits])], { x: [1, 2, 3, 4, 5, 6], c: [-100, -100] })
    expect([value![0], ...derivative!]).toEqual([NaN, 0, 0, 0, 0, 0, 0])
  })
})

checkRefusals('losses.test.ts', [
  ['crossEntropy of [2, 3] and [3]: the classes must have the shape of the logits without their axis', () => crossEntropy(input('x', [2, 3]), input('c', [3]))],
  ['crossEntropy of [2, 3]: no axis 2', () => crossEntropy(input('x', [2, 3]), input('c', [2]), { axis: 2 })],
  ['crossEntropy of [2, 3] and [2]: the weights must be [3]', () => crossEntropy(input('x', [2, 3]), input('c', [2]), { weights: input('w', [2]) })],
  ['crossEntropy of [2, 3]: smoothing must lie between 0 and 1, not 1.5', () => crossEntropy(input('x', [2, 3]), input('c', [2]), { smoothing: 1.5 })],
  ['distributionCrossEntropy of [2, 3] and [2]: the shapes differ', () => distributionCrossEntropy(input('x', [2, 3]), input('c', [2]))],
  ['binaryCrossEntropy of [2, 1] and [2]: the shapes differ', () => binaryCrossEntropy(input('x', [2, 1]), input('t', [2]))],
  ['binaryCrossEntropy of [2] and [3, 2]: the weights do not broadcast to the logits', () => binaryCrossEntropy(input('x', [2]), input('t', [2]), { weights: input('w', [3, 2]) })],
  ['squaredError of [4] and [4, 1]: the shapes differ', () => squaredError(input('a', [4]), input('b', [4, 1]))],
  ['smoothL1 of [4]: delta must be above 0, not 0 (at 0 it is absoluteError)', () => smoothL1(input('a', [4]), input('b', [4]), { delta: 0 })],
  ['cosineSimilarity of [1, 3] and [3, 1]: axis -1 differs', () => cosineSimilarity(input('a', [1, 3]), input('b', [3, 1]))],
  ['infoNce of [2, 3] and [2, 4]: they must be [N, d] both', () => infoNce(input('a', [2, 3]), input('b', [2, 4]))],
  ['infoNce of [2, 3] and [5, 4]: the negatives must be [K, d]', () => infoNce(input('a', [2, 3]), input('b', [2, 3]), { negatives: input('n', [5, 4]) })],
  ['klDivergence of [2, 3] and [3]: the shapes differ', () => klDivergence(input('a', [2, 3]), input('b', [3]))],
])
