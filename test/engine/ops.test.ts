import { describe, expect, test } from 'vitest'
import {
  add, concat, constant, div, erf, evaluate, exp, expand, gelu, gradients, input, layerNorm, log, logSoftmax, matmul, max, maximum, mean, minimum, mul, neg, type Node,
  normalise, ortExecutor, pad, reciprocal, referenceExecutor, relu, reshape, slice, softmax, sqrt, square, stepMask, stopGradient, sub, sum, sumSquare, transpose,
} from '../../src/engine/index.ts'
import { ToolkitError } from '../../src/errors.ts'
import { randomAt } from '../../src/random.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'

type Case = { readonly title: string; readonly shapes: readonly (readonly number[])[]; readonly make: (...inputs: Node[]) => Node; /** Inputs are drawn above this. */ readonly above?: number }

const cases: readonly Case[] = [
  { title: 'add, broadcast both ways', shapes: [[2, 1, 3], [4, 1]], make: (a, b) => add(a!, b!) },
  { title: 'sub from a scalar', shapes: [[2, 3]], make: (a) => sub(1.5, a!) },
  { title: 'mul, broadcast', shapes: [[2, 3], [3]], make: (a, b) => mul(a!, b!) },
  { title: 'div, broadcast', shapes: [[2, 3], [2, 1]], make: (a, b) => div(a!, b!), above: 0.5 },
  { title: 'minimum', shapes: [[5], [5]], make: (a, b) => minimum(a!, b!) },
  { title: 'maximum', shapes: [[5], [2, 5]], make: (a, b) => maximum(a!, b!) },
  { title: 'neg', shapes: [[3]], make: (a) => neg(a!) },
  { title: 'exp', shapes: [[3]], make: (a) => exp(a!) },
  { title: 'log', shapes: [[3]], make: (a) => log(a!), above: 0.2 },
  { title: 'sqrt', shapes: [[3]], make: (a) => sqrt(a!), above: 0.2 },
  { title: 'square', shapes: [[3]], make: (a) => square(a!) },
  { title: 'reciprocal', shapes: [[3]], make: (a) => reciprocal(a!), above: 0.2 },
  { title: 'relu', shapes: [[7]], make: (a) => relu(a!) },
  { title: 'erf', shapes: [[7]], make: (a) => erf(a!) },
  { title: 'stepMask', shapes: [[7]], make: (a) => stepMask(a!) },
  { title: 'gelu', shapes: [[7]], make: (a) => gelu(a!) },
  { title: 'matmul of matrices', shapes: [[2, 3], [3, 4]], make: (a, b) => matmul(a!, b!) },
  { title: 'matmul, batched', shapes: [[2, 5, 2, 3], [2, 5, 3, 4]], make: (a, b) => matmul(a!, b!) },
  { title: 'matmul, one matrix for all batches', shapes: [[2, 2, 3], [3, 4]], make: (a, b) => matmul(a!, b!) },
  { title: 'matmul, a wide left side', shapes: [[2, 3, 9], [9, 2]], make: (a, b) => matmul(a!, b!) },
  { title: 'matmul, broadcast batches', shapes: [[2, 1, 2, 3], [5, 3, 4]], make: (a, b) => matmul(a!, b!) },
  { title: 'transpose', shapes: [[2, 3, 4]], make: (a) => transpose(a!, [2, 0, 1]) },
  { title: 'reshape', shapes: [[2, 6]], make: (a) => reshape(a!, [3, 4]) },
  { title: 'slice', shapes: [[2, 5, 3]], make: (a) => slice(a!, 1, 1, 4) },
  { title: 'pad', shapes: [[2, 3]], make: (a) => pad(a!, 1, 2, 1) },
  { title: 'concat', shapes: [[2, 1, 3], [2, 2, 3]], make: (a, b) => concat([a!, b!], 1) },
  { title: 'expand', shapes: [[2, 1]], make: (a) => expand(a!, [3, 2, 4]) },
  { title: 'sum over the middle', shapes: [[2, 3, 4]], make: (a) => sum(a!, [1]) },
  { title: 'mean over two axes, kept', shapes: [[2, 3, 4]], make: (a) => mean(a!, [0, -1], { keepDims: true }) },
  { title: 'sumSquare over the first axis', shapes: [[3, 4]], make: (a) => sumSquare(a!, [0]) },
  { title: 'sumSquare over the last axis', shapes: [[2, 3, 4]], make: (a) => sumSquare(a!, [-1], { keepDims: true }) },
  { title: 'max over the last axis', shapes: [[3, 4]], make: (a) => max(a!, [-1]) },
  { title: 'softmax', shapes: [[3, 4]], make: (a) => softmax(a!) },
  { title: 'logSoftmax', shapes: [[3, 4]], make: (a) => logSoftmax(a!) },
  { title: 'normalise', shapes: [[3, 5]], make: (a) => normalise(a!) },
  { title: 'layerNorm', shapes: [[2, 3, 5], [5], [5]], make: (a, b, c) => layerNorm(a!, b!, c!) },
]

describe.each(cases)('$title', ({ shapes, make, above = -1 }) => {
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape))
  const feeds = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, draw(shape, i, above)]))
  const result = make(...inputs)
  // a loss in which every element counts differently
  const loss = sum(reshape(mul(result, constant(draw(result.shape, 99, -1))), [sizeOf(result.shape)]), [0])
  const derivatives = gradients(loss, inputs)

  test('has the derivative that central differences find', () => {
    const exact = evaluate(derivatives, feeds64(feeds))
    for (const [i, shape] of shapes.entries()) {
      const numeric = Float64Array.from({ length: sizeOf(shape) }, (_, element) => {
        const at = (delta: number): number => {
          const moved = feeds64(feeds)
          moved[`x${i}`]![element]! += delta
          return evaluate([loss], moved)[0]![0]!
        }
        return (at(1e-6) - at(-1e-6)) / 2e-6
      })
      expect(exact[i]).toBeAllclose(numeric, { atol: 1e-7, rtol: 1e-6 })
    }
  })

  test('gives the same values and derivatives on ONNX Runtime', async () => {
    const outputs = { result, ...Object.fromEntries(derivatives.map((node, i) => [`d${i}`, node])) }
    const graph = { inputs, state: [], outputs }
    const [ort, reference] = [await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph), await referenceExecutor().compile(graph)]
    const [found, expected] = [await ort.run(tensors(feeds, shapes)), await reference.run(tensors(feeds, shapes))]
    for (const name of Object.keys(outputs)) expect(found[name]!.data).toBeAllclose(expected[name]!.data, { atol: 2e-6, rtol: 2e-5 })
    await ort.close()
  })
})

test('lets no derivative through stopGradient', () => {
  const x = input('x', [2])
  const [derivative] = gradients(sum(mul(x, stopGradient(x)), [0]), [x])
  expect(evaluate([derivative!], { x: [3, 5] })[0]).toEqual(Float64Array.of(3, 5))
})

test('gives zeros for what the loss does not depend on', () => {
  const [x, y] = [input('x', [2]), input('y', [3])]
  expect(evaluate(gradients(sum(x, [0]), [y]), { x: [1, 2], y: [1, 2, 3] })[0]).toEqual(Float64Array.of(0, 0, 0))
})

test.each<[string, () => Node]>([
  ['add of [2, 3] and [2]: the shapes do not broadcast', () => add(input('a', [2, 3]), input('b', [2]))],
  ['matmul of [2, 3] and [4, 5]: the shapes do not fit', () => matmul(input('a', [2, 3]), input('b', [4, 5]))],
  ['reshape of [2, 3]: cannot become [4, 2]', () => reshape(input('a', [2, 3]), [4, 2])],
  ['transpose of [2, 3]: no permutation [0, 0]', () => transpose(input('a', [2, 3]), [0, 0])],
  ['slice of [2, 3]: no places [1, 4) of axis 1', () => slice(input('a', [2, 3]), 1, 1, 4)],
  ['concat of [2, 3] and [3, 3]: the shapes differ beside axis 1', () => concat([input('a', [2, 3]), input('b', [3, 3])], 1)],
  ['expand of [2]: cannot become [3]', () => expand(input('a', [2]), [3])],
  ['sum of [2, 3]: no axes [2]', () => sum(input('a', [2, 3]), [2])],
  ['layerNorm of [2, 3] and [2] and [3]: gain and bias must be [last extent]', () => layerNorm(input('a', [2, 3]), input('b', [2]), input('c', [3]))],
  ['gradients of [2, 3]: the loss must be one number', () => gradients(input('a', [2, 3]), [])[0]!],
])('refuses %s, and names the lines', (message, make) => {
  const error = refusalOf(make)
  expect(error.message.replace(/:\d+\)$/, ')')).toBe(`${message} (ops.test.ts)`)
  expect(error.hint).toMatch(/^\[[\d, ]+\] was made at ops\.test\.ts:\d+/)
})

// scipy.special.erf of scipy 1.17.1 (double precision)
test('computes erf to double precision', () => {
  const xs = [0.1, 0.5, 1, 2, 2.4999, 2.5, 3, 5]
  const expected = [0.1124629160182849, 0.5204998778130465, 0.8427007929497148, 0.9953222650189527, 0.9995928300996666, 0.999593047982555, 0.9999779095030014, 0.9999999999984626]
  expect(evaluate([erf(input('x', [8]))], { x: xs })[0]).toBeAllclose(expected, { atol: 1e-15, rtol: 1e-15 })
})

function refusalOf(make: () => unknown): ToolkitError {
  try {
    make()
  } catch (error) {
    if (error instanceof ToolkitError) return error
  }
  throw new Error('nothing was refused')
}

function draw(shape: readonly number[], stream: number, above: number): Tensor {
  const random = randomAt({ seed: 7, transform: `ops ${stream}` })
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.between(above, above + 2)) }
}

function feeds64(feeds: Readonly<Record<string, Tensor>>): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, Float64Array.from(data)]))
}

function tensors(feeds: Readonly<Record<string, Tensor>>, shapes: readonly (readonly number[])[]): Record<string, Tensor> {
  return Object.fromEntries(shapes.map((shape, i) => [`x${i}`, { shape, data: feeds[`x${i}`]!.data }]))
}
