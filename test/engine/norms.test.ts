import { describe, expect, test } from 'vitest'
import {
  batchNorm, constant, evaluate, flatParameters, gradients, groupNorm, input, instanceNorm, layerNorm, mean, mul, type Node, normalise, optimiserFeeds, ortExecutor, referenceExecutor, rmsNorm,
  runningStatistics, square, startOf, sum, trainingGraph,
} from '../../src/engine/index.ts'
import { cases } from './cases/norms.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

/** y and the statistics after it. */
const trained = (x: Node, { gain, bias, mean, variance, batches = 0, ...options }: { gain: Node; bias: Node; mean: Node; variance: Node; batches?: number; momentum?: number | null; epsilon?: number }): Node[] => {
  const { y, state } = batchNorm(x, { mean, variance, batches: constant(batches) }, { training: true, gain, bias, ...options })
  return [y, ...state.map(({ next }) => next)]
}
const alone = (x: Node): Node => batchNorm(x, runningStatistics('bn', x.shape[1]!), { training: true }).y

checkRecorded('norms', {
  'batchNorm of [4, 3]': (x, gain, bias, mean, variance) => trained(x!, { gain: gain!, bias: bias!, mean: mean!, variance: variance! }),
  'batchNorm of [2, 3, 5], momentum 0.3': (x, gain, bias, mean, variance) => trained(x!, { gain: gain!, bias: bias!, mean: mean!, variance: variance!, momentum: 0.3 }),
  'batchNorm of [2, 3, 2, 3], epsilon 0.01': (x, gain, bias, mean, variance) => trained(x!, { gain: gain!, bias: bias!, mean: mean!, variance: variance!, epsilon: 0.01 }),
  'batchNorm of [2, 3, 2, 1, 3], the average of all batches, the fifth': (x, gain, bias, mean, variance) =>
    trained(x!, { gain: gain!, bias: bias!, mean: mean!, variance: variance!, momentum: null, batches: 4 }),
  'batchNorm without gain and bias': (x) => alone(x!),
  'batchNorm of numbers far from 0': (x) => alone(x!),
  'batchNorm of one value everywhere': (x) => alone(x!),
  'batchNorm, evaluating': (x, gain, bias, mean, variance) =>
    batchNorm(x!, { mean: mean!, variance: variance!, batches: constant(0) }, { training: false, gain: gain!, bias: bias!, epsilon: 1e-3 }).y,
  'batchNorm, evaluating, without gain and bias': (x, mean, variance) => batchNorm(x!, { mean: mean!, variance: variance!, batches: constant(0) }, { training: false }).y,
  'groupNorm, 3 groups of 2': (x, gain, bias) => groupNorm(x!, 3, { gain: gain!, bias: bias! }),
  'groupNorm, 1 group of [2, 3]': (x, gain, bias) => groupNorm(x!, 1, { gain: gain!, bias: bias!, epsilon: 0.1 }),
  instanceNorm: (x) => instanceNorm(x!),
  'instanceNorm with gain and bias': (x, gain, bias) => instanceNorm(x!, { gain: gain!, bias: bias! }),
  'layerNorm over one axis': (x, gain, bias) => layerNorm(x!, gain!, bias!),
  'layerNorm over two axes': (x, gain, bias) => layerNorm(x!, gain!, bias!, 1e-3),
  'rmsNorm over one axis': (x, gain) => rmsNorm(x!, gain!, 1e-6),
  'rmsNorm over all axes': (x, gain) => rmsNorm(x!, gain!, 0.1),
})

describe.each([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('a training graph on %s', (_, executor) => {
  // means 2 and 6, unbiased variances 2 and 8; 0.9 * 0 + 0.1 * 2 = 0.2, then 0.9 * 0.2 + 0.1 * 6
  test.each<[string, number | null, readonly number[][]]>([
    ['a share of each batch', 0.1, [[0.2, 1.1, 1], [0.78, 1.79, 2]]],
    ['the average of all', null, [[2, 2, 1], [4, 5, 2]]],
  ])('carries the statistics of its batches: %s', async (_title, momentum, expected) => {
    const parameters = [{ name: 'gain', shape: [1], decay: false }]
    const { flat, params } = flatParameters(parameters)
    const [x, running] = [input('x', [2, 1]), runningStatistics('bn', 1)]
    const { y, state } = batchNorm(x, running, { training: true, gain: params['gain']!, momentum })
    const program = await executor.compile(trainingGraph({ loss: mean(square(y), [0, 1]), inputs: [x], parameters, flat, params, optimiser: { kind: 'adamw' }, clipNorm: 1, state }))
    await program.writeState(startOf(state))
    for (const [i, batch] of [[1, 3], [4, 8]].entries()) {
      await program.run({ x: { shape: [2, 1], data: Float32Array.from(batch) }, ...optimiserFeeds(0.1, i + 1, { kind: 'adamw' }) })
      const carried = await program.readState()
      expect(['bn.mean', 'bn.variance', 'bn.batches'].map((name) => carried[name]!.data[0])).toBeAllclose(expected[i], { rtol: 1e-6 })
    }
    await program.close()
  })
})

// the derivative of its derivative, by central differences of the first one
test.each<[string, number[], (x: Node) => Node]>([
  ['batchNorm', [4, 1], alone],
  ['layerNorm', [1, 4], (x) => layerNorm(x, constant({ shape: [4], data: Float32Array.of(1, 0.5, -1, 2) }), constant({ shape: [4], data: new Float32Array(4) }))],
  ['groupNorm', [1, 4], (x) => groupNorm(x, 1, { gain: constant({ shape: [4], data: Float32Array.of(1, 0.5, -1, 2) }) })],
])('%s has second derivatives', (_name, shape, make) => {
  const x = input('x', shape)
  const [first] = gradients(sum(mul(make(x), constant({ shape, data: Float32Array.of(1, -2, 0.5, 3) })), [0, 1]), [x])
  const squared = sum(square(first!), [0, 1])
  const at = (values: readonly number[]): number => evaluate([squared], { x: values })[0]![0]!
  const values = [0.3, -0.7, 1.1, 0.4]
  const numeric = values.map((value, i) => (at(values.with(i, value + 1e-6)) - at(values.with(i, value - 1e-6))) / 2e-6)
  expect(evaluate(gradients(squared, [x]), { x: values })[0]).toBeAllclose(numeric, { rtol: 1e-5, atol: 1e-7 })
})

checkRefusals('norms.test.ts', [
  ['batchNorm of [2, 3] and [4] and [4]: statistics, gain and bias must be [extent of axis 1]', () => batchNorm(input('x', [2, 3]), runningStatistics('bn', 4), { training: true })],
  ['batchNorm of [3] and [3] and [3]: statistics, gain and bias must be [extent of axis 1]', () => batchNorm(input('x', [3]), runningStatistics('bn', 3), { training: true })],
  ['batchNorm of [1, 3, 1]: a channel of one number has no variance to train with', () => alone(input('x', [1, 3, 1]))],
  ['batchNorm of [0, 3]: a channel of one number has no variance to train with', () => alone(input('x', [0, 3]))],
  ['groupNorm of [2, 3]: axis 1 is not 2 equal groups', () => groupNorm(input('x', [2, 3]), 2)],
  ['groupNorm of [2]: axis 1 is not 1 equal groups', () => groupNorm(input('x', [2]), 1)],
  ['groupNorm of [2, 3] and [2]: gain and bias must be [extent of axis 1]', () => groupNorm(input('x', [2, 3]), 1, { gain: input('g', [2]) })],
  ['instanceNorm of [2, 3, 1]: a channel of one number has no variance', () => instanceNorm(input('x', [2, 3, 1]))],
  ['rmsNorm of [2, 3] and [2]: the gain must have the last extents', () => rmsNorm(input('x', [2, 3]), input('g', [2]))],
  ['rmsNorm of [3] and [2, 3]: the gain must have the last extents', () => rmsNorm(input('x', [3]), input('g', [2, 3]))],
  ['normalise of []: there is no last axis', () => normalise(input('x', []))],
])
