import * as ort from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import {
  abs, add, averageFeeds, encodeOnnx, exp, flatParameters, input, matmul, mean, mul, type Node, type Optimiser, optimiserFeeds, ortExecutor, type Program, reshape, square, type StepOptions, sub, sum, trainingGraph,
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
