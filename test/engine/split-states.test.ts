import { describe, expect, test } from 'vitest'
import {
  add, concat, constant, evaluate, exp, flatParameters, type Graph, input, matmul, mean, mul, type Node, type Optimiser, optimiserFeeds, ortExecutor, reshape, slice, square, sub, sum, trainingGraph,
} from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { type PartSizes, splitStates } from '../../src/engine/split-states.ts'
import { randomAt } from '../../src/random.ts'
import type { Tensor } from '../../src/tensor.ts'

const parameters = [{ name: 'w', shape: [3, 4], decay: true }, { name: 'b', shape: [4], decay: false }, { name: 'u', shape: [4, 2], decay: true }]

/** (x w + b)² u, towards 1; fed are x [5, 3] and what the optimiser goes by. */
function training(optimiser: Optimiser, clipNorm?: number): Graph {
  const { flat, params } = flatParameters(parameters)
  const x = input('x', [5, 3])
  const loss = mean(square(sub(matmul(square(add(matmul(x, params['w']!), params['b']!)), params['u']!), 1)), [0, 1])
  return trainingGraph({ loss, inputs: [x], parameters, flat, params, optimiser, ...(clipNorm === undefined ? {} : { clipNorm }) })
}

const random = randomAt({ seed: 5 })
const drawn = (shape: readonly number[]): Tensor => ({ shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()) })
const x = drawn([5, 3])

/** Graphs with what is fed at step 1, 2, ... */
const s = input('s', [6])
const t = input('t', [6])
const cases: readonly [string, Graph, (step: number) => Record<string, Tensor>][] = [
  ...([
    [{ kind: 'adamw', weightDecay: 0.1 }, 0.5], [{ kind: 'adam', weightDecay: 0.1 }], [{ kind: 'sgd', momentum: 0.9, nesterov: true }, 0.5],
    [{ kind: 'adamw', groups: [{ match: 'b', rateFactor: 2 }, { match: 'w', frozen: true }] }], [{ kind: 'sgd', groups: [{ match: ['w', 'u'], weightDecay: 0.5 }] }],
  ] as const).map(([optimiser, clipNorm]) => (
    [JSON.stringify(optimiser), training(optimiser, clipNorm), (step: number) => ({ x, ...optimiserFeeds(0.01, step, optimiser) })] as [string, Graph, (step: number) => Record<string, Tensor>])),
  ['a state that is read in parts that overlap, whole, by steps, and shifted', {
    inputs: [], state: [{ input: s, next: add(concat([slice(s, 0, 2, 6), slice(s, 0, 0, 2)], 0), mul(sum(s, [0]), 0.1)) }],
    outputs: { y: add(slice(s, 0, 1, 4), slice(s, 0, 2, 5)), z: exp(s), w: slice(s, 0, 0, 6, { step: 2 }), m: reshape(s, [2, 3]) },
  }, () => ({})],
  ['states that go over into one another, or are made by nothing that is cut', {
    inputs: [], state: [{ input: s, next: t }, { input: t, next: reshape(matmul(reshape(slice(s, 0, 0, 4), [2, 2]), reshape(s, [2, 3])), [6]) }], outputs: {},
  }, () => ({})],
  ['a next state that is one number', {
    inputs: [], state: [{ input: s, next: mul(constant({ shape: [6], data: new Float32Array(6).fill(2) }), constant(3)) }], outputs: { y: slice(s, 0, 2, 4) },
  }, () => ({})],
]

type Values = Record<string, ArrayLike<number>>

/** Outputs of five steps in float64, and the states after them, one after the other. */
function run(graph: Graph, start: Values, feedsOf: (step: number) => Record<string, Tensor>): { outputs: number[][]; states: number[] } {
  let states = start
  const outputs: number[][] = []
  for (let step = 1; step <= 5; step++) {
    const fed = Object.fromEntries(Object.entries(feedsOf(step)).map(([name, { data }]) => [name, data]))
    const found = evaluate([...Object.values(graph.outputs), ...graph.state.map(({ next }) => next)], { ...fed, ...states }).map((values) => [...values])
    outputs.push(...found.slice(0, Object.keys(graph.outputs).length))
    states = Object.fromEntries(graph.state.map(({ input: { attributes } }, i) => [String(attributes['name']), found[Object.keys(graph.outputs).length + i]!]))
  }
  return { outputs, states: Object.values(states).flatMap((values) => Array.from(values)) }
}

describe.each(cases)('%s', (_title, graph, feedsOf) => {
  const moments = /^[mv]$|momentum/
  const start = Object.fromEntries(graph.state.map(({ input: { attributes, shape } }) => (
    [String(attributes['name']), moments.test(String(attributes['name'])) ? new Float32Array(shape[0]!) : drawn(shape).data])))

  test.each<[string, PartSizes]>([['each part', { small: 1 }], ['small neighbours together', { small: 6, most: 12 }]])('has the same outputs and states with %s', (_sizes, sizes) => {
    const split = splitStates(graph, sizes)
    let at = 0
    const all = Object.values(start).flatMap((values) => [...values])
    const cut = Object.fromEntries(split.parts.flat().map(({ attributes, shape }) => [String(attributes['name']), all.slice(at, at += shape[0]!)]))
    const [found, expected] = [run(split.graph, cut, feedsOf), run(graph, start, feedsOf)]
    expect(found.outputs.flat()).toBeAllclose(expected.outputs.flat(), { atol: 1e-12, rtol: 1e-12 })
    expect(found.states).toBeAllclose(expected.states, { atol: 1e-12, rtol: 1e-12 })
  })
})

// by hand: 5 and 4 numbers stay together, 40 stands alone, 3, 4 and 3 fit 10 at most, 2 no more
test('neighbours of few numbers stay together up to a size', () => {
  const flat = input('flat', [61])
  const ends = [5, 9, 49, 52, 56, 59, 61]
  const outputs = Object.fromEntries(ends.map((end, i) => [`y${i}`, slice(flat, 0, ends[i - 1] ?? 0, end)]))
  const { parts } = splitStates({ inputs: [], state: [{ input: flat, next: exp(flat) }], outputs }, { small: 10, most: 10 })
  expect(parts[0]!.map(({ shape }) => shape[0])).toEqual([9, 40, 10, 2])
})

test('states of large parts are read and written whole on ONNX Runtime, before and after a step', async () => {
  const large = input('large', [2 ** 16 + 8])
  const graph: Graph = { inputs: [], state: [{ input: large, next: mul(large, 2) }], outputs: { y: sum(slice(large, 0, 0, 2 ** 16), [0]), z: slice(large, 0, 2 ** 16, 2 ** 16 + 8) } }
  expect(splitStates(graph).parts[0]).toHaveLength(2)
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph)
  const data = Float32Array.from({ length: 2 ** 16 + 8 }, (_, i) => i % 8)
  await program.writeState({ large: { shape: [data.length], data } })
  const { y, z } = await program.run({})
  expect([y!.data[0], ...z!.data]).toEqual([3.5 * 2 ** 16, 0, 1, 2, 3, 4, 5, 6, 7])
  expect((await program.readState())['large']).toEqual({ shape: [data.length], data: data.map((value) => 2 * value) })
  expect((await program.readPreviousState())['large']).toEqual({ shape: [data.length], data })
  await program.close()
})

test('parameters and moments are kept by parameter, and nothing is joined or cut', () => {
  const { graph, parts } = splitStates(training({ kind: 'adamw' }, 1), { small: 1 })
  expect(parts.map((ones) => ones.map(({ shape }) => shape))).toEqual(Array.from({ length: 3 }, () => [[12], [4], [8]]))
  const names = topologicalOrder([...graph.state.map(({ next }) => next), ...Object.values(graph.outputs)]).map(({ operation }: Node) => operation.name)
  expect(names).not.toContain('concat')
  expect(names).not.toContain('slice')
})

test('weight decay is computed for the parameters that decay, not by a mask', () => {
  const { graph } = splitStates(training({ kind: 'adamw' }), { small: 1 })
  const masks = topologicalOrder(graph.state.map(({ next }) => next)).filter(({ operation, shape }) => operation.name === 'constant' && shape.length > 0)
  expect(masks).toEqual([])
})

test('a graph that cuts no state is as it was', () => {
  const graph = { inputs: [], state: [{ input: s, next: exp(s) }], outputs: {} }
  expect(splitStates(graph)).toEqual({ graph, parts: [[s]] })
})
