import { describe, expect, test } from 'vitest'
import {
  abs, acos, adaptiveAvgPool1d, atan, atan2, avgPool1d, ceil, clamp, constant, cos, crossEntropy, cumsum, div, elu, equal, erf, type Executor, exp, floor,
  gelu, geluTanh, hardSigmoid, hardSwish, leakyRelu, log, logSigmoid, logSoftmax, logSumExp, max, maximum, maxPool1d, mean, min, minimum, mish, mul, neg,
  type Node, norm, normalise, ortExecutor, pow, prod, reciprocal, referenceExecutor, relu, reshape, round, sigmoid, sign, silu, sin, softmax, softplus,
  softsign, sqrt, square, standardDeviation, sum, sumSquare, tanh, tfjsExecutor, variance, where,
} from '../../src/engine/index.ts'
import { decoded, graphOf, recordedCases } from './recorded.ts'

const { torch, cases } = recordedCases('edges')
const inChannels = (x: Node): Node => reshape(x, [x.shape[0]!, 1, 3])
const classes = (x: Node): Node => constant({ shape: [x.shape[0]!], data: Float32Array.from({ length: x.shape[0]! }, (_, i) => i % 3) })
const folded = { sum, mean, max, min, prod, sumSquare, norm, variance, standardDeviation, logSumExp }

const makes: Readonly<Record<string, (a: Node, b: Node) => Node>> = {
  abs, neg, exp, log, sqrt, square, reciprocal, sin, cos, atan, acos, erf, tanh, sigmoid, logSigmoid, softplus, softsign, relu, silu, mish, gelu, geluTanh, hardSwish, sign, floor, ceil, round,
  leakyRelu: (x) => leakyRelu(x), elu: (x) => elu(x), hardSigmoid: (x) => hardSigmoid(x), 'clamp between -1 and 1': (x) => clamp(x, -1, 1), 'clamp from 0': (x) => clamp(x, 0, Infinity),
  ...Object.fromEntries([2, 0, 1, -1, 0.5].map((exponent) => [`pow to ${exponent}`, (x: Node) => pow(x, exponent)])),
  'where not taken': (x) => where(equal(x, 1), x, 0),
  mul, div, pow, maximum, minimum, atan2,
  ...Object.fromEntries(Object.entries(folded).map(([name, fold]) => [name, (x: Node) => fold(x, [1])])),
  softmax: (x) => softmax(x), logSoftmax: (x) => logSoftmax(x), cumsum: (x) => cumsum(x, 1), normalise: (x) => normalise(x),
  crossEntropy: (x) => crossEntropy(x, classes(x), { reduction: 'none' }),
  maxPool: (x) => maxPool1d(inChannels(x), 2, { stride: 1, padding: 1 }), avgPool: (x) => avgPool1d(inChannels(x), 2, { stride: 1 }), adaptiveAvgPool: (x) => adaptiveAvgPool1d(inChannels(x), 2),
}

const isNan = (numbers: readonly number[]): boolean => numbers.some(Number.isNaN)
const isFar = (numbers: readonly number[]): boolean => numbers.some((x) => x !== 0 && Number.isFinite(x) && (Math.abs(x) >= 1e30 || Math.abs(x) < 1e-29))

/** Where values or derivatives are others than PyTorch's, as docs/engine.md#at-the-edges says, told by the numbers that they are of. */
const choices: Readonly<Record<string, (numbers: readonly number[]) => boolean>> = {
  elu: isNan, hardSwish: isNan, max: isNan, min: isNan, maxPool: isNan, prod: (row) => isNan(row) || isFar(row),
  gelu: ([x]) => x === Infinity,
  'pow to 0.5': ([x]) => x === -Infinity,
  pow: ([a, b]) => !(a! > 0) || Number.isNaN(b),
  atan2: ([y, x]) => (y === 0 && !(x! > 0)) || (Math.abs(y!) === Infinity && Math.abs(x!) === Infinity),
  logSumExp: (row) => isFar(row) || row.every((x) => x === -Infinity),
  variance: isFar, normalise: isFar, cumsum: isFar,
  standardDeviation: (row) => isFar(row) && (row.every((x) => x === row[0]) || row[0]! > 3e38),
}

/** Where float64 neither overflows nor vanishes as PyTorch's float32 does. */
const wider: ReadonlySet<string> = new Set(['geluTanh', 'norm', 'standardDeviation'])

/** Elements of a result that are not PyTorch's and not chosen to be others. */
function differences(title: string, found: Float32Array, expected: Float64Array, isWide: boolean): string[] {
  const inputs = cases[title]!.inputs.map(({ data }) => decoded(data))
  const rows = cases[title]!.inputs[0]!.shape[0]!
  return Array.from(expected).flatMap((wanted, i) => {
    const row = Math.floor((i * rows) / expected.length)
    const numbers = inputs.flatMap((data) => Array.from(data.subarray((row * data.length) / rows, ((row + 1) * data.length) / rows)))
    const isSame = Object.is(found[i], wanted) || found[i] === wanted || Math.abs(found[i]! - wanted) <= 1e-5 + 1e-4 * Math.abs(wanted)
    return isSame || choices[title]?.(numbers) === true || (isWide && isFar(numbers)) ? [] : [`of ${numbers.join(', ')}: ${found[i]}, not ${wanted}`]
  })
}

const executors: readonly (readonly [string, Executor])[] = [
  ['the reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })], ['TensorFlow.js', tfjsExecutor({ backend: 'cpu' })],
]

test('every recorded case is held to', () => {
  expect(Object.keys(makes).toSorted()).toEqual(Object.keys(cases).toSorted())
})

describe.each(executors)(`zeros, infinities, NaN, the nearest to 0 and the farthest, on %s, are PyTorch ${torch}'s`, (name, executor) => {
  test.each(Object.entries(makes))('%s', async (title, make) => {
    const { inputs, feeds, results, derivatives } = graphOf(cases[title]!, (a, b) => make(a!, b!))
    const program = await executor.compile({ inputs, state: [], outputs: Object.fromEntries([...results, ...derivatives].map((node, i) => [`y${i}`, node])) })
    const found = await program.run(Object.fromEntries(inputs.map(({ shape }, i) => [`x${i}`, { shape, data: Float32Array.from(feeds[`x${i}`]!) }])))
    const expected = [...cases[title]!.results.map(({ data }) => data), ...cases[title]!.gradients.filter((numbers) => numbers !== null)]
    expect(expected.flatMap((numbers, i) => differences(title, found[`y${i}`]!.data, decoded(numbers), name === 'the reference' && wider.has(title)))).toEqual([])
    await program.close()
  })
})
