import { describe, expect, test } from 'vitest'
import {
  add, concat, constant, exp, flatParameters, type Graph, input, matmul, mean, mul, type Node, type Optimiser, optimiserFeeds, ortExecutor, referenceExecutor, reshape, slice, square, sub, sum, trainingGraph,
} from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { splitStates } from '../../src/engine/split-states.ts'
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

describe.each(cases)('%s', (_title, graph, feedsOf) => {
  test('has the outputs and states of float64', async () => {
    const [ort, reference] = [await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph), await referenceExecutor().compile(graph)]
    const start = Object.fromEntries(graph.state.map(({ input: { attributes, shape } }) => [String(attributes['name']), drawn(shape)]).filter(([name]) => !/^[mv]$|momentum/.test(String(name))))
    for (const program of [ort, reference]) await program.writeState(start as Record<string, Tensor>)
    for (let step = 1; step <= 5; step++) {
      const [found, expected] = [await ort.run(feedsOf(step)), await reference.run(feedsOf(step))]
      for (const name of Object.keys(graph.outputs)) expect(found[name]!.data).toBeAllclose(expected[name]!.data, { atol: 1e-5, rtol: 1e-4 })
      for (const read of ['readState', 'readPreviousState'] as const) {
        const [states, right] = [await ort[read](), await reference[read]()]
        expect(Object.keys(states)).toEqual(Object.keys(right))
        for (const [name, { shape, data }] of Object.entries(right)) {
          expect(states[name]!.shape).toEqual(shape)
          expect(states[name]!.data).toBeAllclose(data, { atol: 1e-5, rtol: 1e-4 })
        }
      }
    }
    await ort.close()
  })
})

test('parameters and moments are kept by parameter, and nothing is joined or cut', () => {
  const { graph, parts } = splitStates(training({ kind: 'adamw' }, 1))
  expect(parts.map((ones) => ones.map(({ shape }) => shape))).toEqual(Array.from({ length: 3 }, () => [[12], [4], [8]]))
  const names = topologicalOrder([...graph.state.map(({ next }) => next), ...Object.values(graph.outputs)]).map(({ operation }: Node) => operation.name)
  expect(names).not.toContain('concat')
  expect(names).not.toContain('slice')
})

test('weight decay is computed for the parameters that decay, not by a mask', () => {
  const { graph } = splitStates(training({ kind: 'adamw' }))
  const masks = topologicalOrder(graph.state.map(({ next }) => next)).filter(({ operation, shape }) => operation.name === 'constant' && shape.length > 0)
  expect(masks).toEqual([])
})

test('a graph that cuts no state is as it was', () => {
  const graph = { inputs: [], state: [{ input: s, next: exp(s) }], outputs: {} }
  expect(splitStates(graph)).toEqual({ graph, parts: [[s]] })
})
