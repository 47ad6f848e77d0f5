import * as ort from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import {
  abs, add, averageFeeds, concat, div, encodeOnnx, exp, flatParameters, input, matmul, mean, minimum, mul, type Node, type Optimiser, optimiserFeeds, ortExecutor, type Program, referenceExecutor, reshape, slice, sqrt, square, type StepOptions, sub, sum, trainingGraph,
} from '../../src/engine/index.ts'
import { fitsHostMemory, hostState } from '../../src/engine/executors/ort-host-state.ts'
import { ortProgram } from '../../src/engine/executors/ort-program.ts'
import { fuseUpdates, unfused } from '../../src/engine/fused-updates.ts'
import { type Graph, topologicalOrder } from '../../src/engine/graph.ts'
import { splitStates } from '../../src/engine/split-states.ts'
import { randomAt } from '../../src/random.ts'
import type { Tensor } from '../../src/tensor.ts'

const parameters = [{ name: 'w', shape: [3, 7], decay: true }, { name: 'b', shape: [7], decay: false }, { name: 'scale', shape: [], decay: false }, { name: 'u', shape: [7, 2], decay: true }]
const random = randomAt({ seed: 8 })
const drawn = (shape: readonly number[]): Tensor => ({ shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()) })
const x = drawn([5, 3])

/** ((x w + b)² e^scale) u, towards 1. */
function training(optimiser: Optimiser, options: Partial<StepOptions> = {}) {
  const { flat, params } = flatParameters(parameters)
  const fed = input('x', [5, 3])
  const hidden = mul(square(add(matmul(fed, params['w']!), params['b']!)), exp(params['scale']!))
  const loss = mean(square(sub(matmul(hidden, params['u']!), 1)), [0, 1])
  return trainingGraph({ loss, inputs: [fed], parameters, flat, params, optimiser, ...options })
}

const namesIn = ({ state, outputs }: Graph): string[] => topologicalOrder([...state.map(({ next }) => next), ...Object.values(outputs)]).map(({ operation }: Node) => operation.name)

type Numbers = readonly number[]

/** What six steps answer, and the states after and before each. */
async function run(program: Program, start: Record<string, Tensor>, feedsOf: (step: number) => Record<string, Tensor>): Promise<{ outputs: Numbers; states: Numbers }> {
  await program.writeState(start)
  const numbersOf = (tensors: Record<string, Tensor>): number[] => Object.keys(tensors).toSorted().flatMap((name) => [...tensors[name]!.data])
  const [outputs, states]: [number[], number[]] = [[], []]
  for (let step = 1; step <= 6; step++) {
    outputs.push(...numbersOf(await program.run({ x, ...feedsOf(step) })))
    states.push(...numbersOf(await program.readState()), ...numbersOf(await program.readPreviousState()))
  }
  await program.close()
  return { outputs, states }
}

const cases: [string, Optimiser, Partial<StepOptions>][] = [
  ['AdamW', { kind: 'adamw' }, {}], ['AdamW with clipping', { kind: 'adamw', weightDecay: 0.1 }, { clipNorm: 0.5 }], ['Adam with decay', { kind: 'adam', weightDecay: 0.1 }, { clipValue: 0.01 }],
  ['SGD', { kind: 'sgd' }, {}], ['SGD with Nesterov momentum', { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 }, { clipNorm: 0.5 }],
  ['groups', { kind: 'adamw', groups: [{ match: 'b', rateFactor: 2 }, { match: 'w', frozen: true }, { match: 'u', beta1: 0.8 }] }, {}],
  ['a moving average', { kind: 'adamw' }, { average: true }], ['a loss scale', { kind: 'adamw' }, { lossScale: { start: 2 ** 100, every: 2 }, clipNorm: 1 }],
]

describe.each(cases)('%s', (_title, optimiser, options) => {
  const graph = training(optimiser, options)
  const split = splitStates(graph, { small: 1 })

  // an independent computation: ONNX Runtime's own kernels, one operation after the other; a norm is added up in another order there
  test('has the numbers that ONNX Runtime makes, and their bits where no norm is in them', async () => {
    const whole = unfused(split)
    const session = await ort.InferenceSession.create(encodeOnnx(whole.graph), { intraOpNumThreads: 1 })
    const start = graph.start(drawn([43]).data)
    const feedsOf = (step: number): Record<string, Tensor> => ({ ...optimiserFeeds(0.01, step, optimiser), ...(options.average === true ? averageFeeds(step, { kind: 'exponential', decay: 0.9 }) : {}) })
    const expected = await run(ortProgram(ort, session, graph, hostState(ort, whole)), start, feedsOf)
    const found = await run(await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph), start, feedsOf)
    expect(found.outputs).toBeAllclose(expected.outputs, { rtol: 1e-6, atol: 1e-7 })
    expect(found.states).toBeAllclose(expected.states, options.clipNorm === undefined ? { rtol: 0, atol: 0 } : { rtol: 1e-5, atol: 1e-7 })
  })

  test('leaves the session nothing of the optimiser', () => {
    const { graph: left, updates, sums, answers } = fuseUpdates(split)
    expect([sums.length > 0, Object.keys(answers)]).toEqual([true, ['gradientNorm']])
    const frozen = optimiser.groups?.some((group) => group.frozen) === true ? 1 : 0
    expect(updates).toHaveLength(parameters.length - frozen)
    const vectors = topologicalOrder([...left.state.map(({ next }) => next), ...Object.values(left.outputs)]).filter(({ operation, shape }) => operation.isElementwise === true && shape.length === 1 && shape[0] === 21)
    // a loss scale looks for what is not finite, which no kernel does
    expect(options.lossScale === undefined ? vectors : []).toEqual([])
    expect(namesIn(left)).not.toContain('slice')
  })
})

test('a next state that is no arithmetic stays with the session', () => {
  const [p, q] = [input('p', [6]), input('q', [6])]
  const { params, flat } = flatParameters([{ name: 'a', shape: [2], decay: true }, { name: 'c', shape: [4], decay: true }])
  const outputs = { y: add(sum(params['a']!, [0]), sum(params['c']!, [0])) }
  const graph = { inputs: [], state: [{ input: flat, next: mul(flat, 2) }, { input: p, next: exp(p) }, { input: q, next: abs(reshape(q, [6])) }], outputs }
  const { graph: left, updates } = fuseUpdates(splitStates(graph, { small: 1 }))
  expect(updates.flatMap(({ states }) => states.map(({ attributes }) => attributes['name']))).toEqual(['#params:0', '#q:0', '#params:1', '#q:1'])
  expect(left.state.map(({ input: { attributes } }) => attributes['name'])).toEqual(['#p:0', '#p:1'])
})

const parts = [{ name: 'a', shape: [3], decay: true }, { name: 'c', shape: [5], decay: true }]

/** A step on sum a² + sum c³ / 3, whose gradients are 2 a and c²; `make` has the flat parameters, the gradient and its norm. */
function step(make: (flat: Node, gradient: Node, norm: Node) => { next: Node; outputs: Record<string, Node> }): Graph {
  const { flat, params } = flatParameters(parts)
  const gradient = concat([mul(params['a']!, 2), square(params['c']!)], 0)
  const { next, outputs } = make(flat, gradient, sqrt(sum(square(gradient), [0])))
  return { inputs: [], state: [{ input: flat, next }], outputs }
}

// each as the reference computes it, in float64 and in order
test.each<[string, Graph]>([
  ['a norm of what another norm has shortened', step((flat, gradient, norm) => {
    const short = mul(gradient, minimum(div(0.5, add(norm, 1e-6)), 1))
    const after = sqrt(sum(square(short), [0]))
    return { next: sub(flat, mul(short, div(0.1, after))), outputs: { norm, after } }
  })],
  ['norms of the parameters before and after', step((flat, gradient, norm) => {
    const next = sub(flat, mul(gradient, div(0.1, norm)))
    return { next, outputs: { before: sqrt(sum(square(flat), [0])), after: sqrt(sum(square(next), [0])), norm } }
  })],
  ['a sum over a sum', step((flat, gradient, norm) => ({ next: sub(flat, mul(gradient, 0.1)), outputs: { spread: sum(square(sub(gradient, div(sum(gradient, [0]), 8))), [0]), norm } }))],
  ['next states among the outputs', step((flat, gradient, norm) => {
    const next = sub(flat, div(gradient, norm))
    return { next, outputs: { next, norm, twice: add(norm, norm) } }
  })],
])('%s is right at the first step and the next', async (_title, graph) => {
  const [found, expected] = await Promise.all([ortExecutor({ device: 'cpu', threads: 1 }), referenceExecutor()].map(async (executor) => {
    const program = await executor.compile(graph)
    await program.writeState({ params: { shape: [8], data: Float32Array.of(1, -2, 0.5, 3, 1, -1, 0.25, 2) } })
    const numbers: number[] = []
    for (let at = 0; at < 3; at++) {
      const outputs = await program.run({})
      numbers.push(...Object.keys(graph.outputs).flatMap((name) => [...outputs[name]!.data]), ...(await program.readState())['params']!.data)
    }
    await program.close()
    return numbers
  }))
  expect(found).toBeAllclose(expected!, { rtol: 1e-5, atol: 1e-6 })
})

test('an output that is the next state has its bits', async () => {
  const graph = step((flat, gradient, norm) => {
    const next = sub(flat, mul(gradient, div(0.3, norm)))
    return { next, outputs: { next, norm } }
  })
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph)
  await program.writeState({ params: drawn([8]) })
  const { next } = await program.run({})
  expect((await program.readState())['params']!.data).toEqual(next!.data)
  await program.close()
})

// V8 takes 1,000 arguments of a function, and each sum and each part has an address
test('models of a thousand parameters, and a state of a name like ours', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ name: `p${i}`, shape: [2], decay: true }))
  const { params, flat } = flatParameters(many)
  const loss = Object.values(params).map((one) => sum(square(one), [0])).reduce((all, one) => add(all, one))
  const graph = trainingGraph({ loss, inputs: [], parameters: many, flat, params, optimiser: { kind: 'sgd' }, clipNorm: 1 })
  const given = input('given', [4])
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({
    ...graph, state: [...graph.state, { input: given, next: add(concat([slice(given, 0, 0, 1), slice(given, 0, 1, 4)], 0), 1) }] })
  await program.writeState(graph.start(new Float32Array(2000).fill(1)))
  const { gradientNorm } = await program.run(optimiserFeeds(1, 1, { kind: 'sgd' }))
  // by hand: 2000 derivatives of 2
  expect(gradientNorm!.data[0]).toBeCloseTo(2 * Math.sqrt(2000), 3)
  const { params: after, given: counted } = await program.readState()
  expect(after!.data[1999]).toBeCloseTo(1 - 1 / Math.sqrt(2000), 5)
  expect(counted!.data).toEqual(Float32Array.of(1, 1, 1, 1))
  await program.close()
})

test('states of more than 4 GB are not for kernels', () => {
  const graphOf = (rows: number): Graph => {
    const { flat, params } = flatParameters([{ name: 'a', shape: [rows, 1024], decay: true }, { name: 'c', shape: [4], decay: true }])
    const loss = add(sum(params['a']!, [0, 1]), sum(params['c']!, [0]))
    return trainingGraph({ loss, inputs: [], parameters: [{ name: 'a', shape: [rows, 1024], decay: true }, { name: 'c', shape: [4], decay: true }], flat, params, optimiser: { kind: 'sgd', momentum: 0.9 } })
  }
  // by hand: two sets of parameters and momentum, and the gradient: 5 x 4 bytes a number, so 2^32 / 20 / 1024 = 209,715.2 rows
  const fits = (rows: number): boolean => fitsHostMemory(fuseUpdates(splitStates(graphOf(rows), { small: 1 })))
  expect([fits(209_000), fits(210_000)]).toEqual([true, false])
})
