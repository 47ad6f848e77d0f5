import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  add, averageDecayAt, averageFeeds, type AverageOptions, constant, type Executor, flatParameters, input, matmul, mean, mul, type Node, type Optimiser, optimiserFeeds, ortExecutor, referenceExecutor, reshape, square, stopGradient, sub, sum, trainingGraph,
  type TrainingGraphOptions,
} from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'

type Case = {
  readonly optimiser: Optimiser; readonly clipNorm?: number; readonly clipValue?: number; readonly average?: AverageOptions
  /** Loss, norm, parameters, and the average of the parameters where there is one. */
  readonly steps: readonly (readonly number[])[]
}

const recorded = JSON.parse(readFileSync(`${import.meta.dirname}/../fixtures/torch/optimisers.json`, 'utf8')) as { torch: string; rates: readonly number[]; cases: Record<string, Case> }

const start = Float32Array.of(0.3, -0.2, 0.1, -0.4, 0.7)

/** The problem of bench/peers/optimiser_reference.py. */
function graphOf(options: Pick<TrainingGraphOptions, 'optimiser'> & Partial<TrainingGraphOptions>) {
  const parameters = [{ name: 'head.weight', shape: [2, 1], decay: true }, { name: 'head.bias', shape: [1], decay: false }, { name: 'body.weight', shape: [2, 1], decay: true }]
  const { flat, params } = flatParameters(parameters)
  const x = constant({ shape: [4, 2], data: Float32Array.of(0.5, -1, 1.5, 2, -0.5, 0.25, 1, 0.5) })
  const y = constant({ shape: [4], data: Float32Array.of(1, -2, 0.5, 0.25) })
  const out = add(mul(matmul(x, params['head.weight']!), add(matmul(x, params['body.weight']!), 1)), params['head.bias']!)
  return trainingGraph({ loss: mean(square(sub(reshape(out, [4]), y)), [0]), inputs: [], parameters, flat, params, ...options })
}

async function stepsOf(executor: Executor, { average, ...options }: Omit<Case, 'steps'>): Promise<number[][]> {
  const graph = graphOf({ ...options, average: average !== undefined })
  const program = await executor.compile(graph)
  await program.writeState(graph.start(start))
  const seen: number[][] = []
  for (const [done, rate] of recorded.rates.entries()) {
    const { loss, gradientNorm } = await program.run({
      ...optimiserFeeds(rate, done + 1, options.optimiser), ...(average === undefined ? {} : averageFeeds(done + 1, average)),
    })
    const state = await program.readState()
    seen.push([loss!.data[0]!, gradientNorm!.data[0]!, ...state['params']!.data, ...(state['average']?.data ?? [])])
  }
  await program.close()
  return seen
}

describe.each([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])(`on %s, six steps are those of PyTorch ${recorded.torch}`, (_, executor) => {
  test.each(Object.entries(recorded.cases))('%s', async (_title, { steps, ...options }) => {
    for (const [step, found] of (await stepsOf(executor, options)).entries()) expect(found).toBeAllclose(steps[step]!, { rtol: 2e-5, atol: 2e-6 })
  })
})

describe('groups', () => {
  test.each<[string, Optimiser]>([
    ['no parameter matches "hed.*"', { kind: 'sgd', groups: [{ match: 'hed.*', rateFactor: 2 }] }],
    ['no parameter matches "head"', { kind: 'sgd', groups: [{ match: ['body.*', 'head'] }] }],
    ['no parameter matches "head?bias"', { kind: 'sgd', groups: [{ match: 'head?bias' }] }],
    ['parameter "head.weight" is in two groups, "head.*" and "body.*" + "*.weight"', { kind: 'sgd', groups: [{ match: 'head.*' }, { match: ['body.*', '*.weight'] }] }],
    ['there is no parameter to train', { kind: 'sgd', groups: [{ match: '*', frozen: true }] }],
    ['group "*" with rateFactor -1', { kind: 'sgd', groups: [{ match: '*', rateFactor: -1 }] }],
    ['group "*" with rateFactor NaN', { kind: 'sgd', groups: [{ match: '*', rateFactor: Number.NaN }] }],
    ['adamw with beta2 1', { kind: 'adamw', groups: [{ match: '*', beta2: 1 }] }],
    ['adam with weightDecay -0.1', { kind: 'adam', weightDecay: -0.1 }],
    ['sgd with momentum Infinity', { kind: 'sgd', momentum: Infinity }],
    ['nesterov with momentum 0 and dampening 0', { kind: 'sgd', nesterov: true }],
    ['nesterov with momentum 0.9 and dampening 0.1', { kind: 'sgd', momentum: 0.9, nesterov: true, groups: [{ match: '*', dampening: 0.1 }] }],
    ['no optimiser "adamax"', { kind: 'adamax' } as unknown as Optimiser],
  ])('are refused: %s', (message, optimiser) => {
    expect(() => graphOf({ optimiser })).toThrow(expect.objectContaining({ code: 'E_OPTIMISER', message }))
  })

  test('that are frozen keep parameters and states as they are, and no derivative of theirs is made', async () => {
    const optimiser: Optimiser = { kind: 'adamw', weightDecay: 0.5, groups: [{ match: 'head.*', frozen: true }] }
    const graph = graphOf({ optimiser })
    const program = await referenceExecutor().compile(graph)
    const moments = { m: { shape: [5], data: Float32Array.of(1, 2, 3, 4, 5) }, v: { shape: [5], data: Float32Array.of(1, 2, 3, 4, 5) } }
    await program.writeState({ ...graph.start(start), ...moments })
    await program.run(optimiserFeeds(0.1, 1, optimiser))
    const after = await program.readState()
    expect([...after['params']!.data.subarray(0, 3), ...after['m']!.data.subarray(0, 3), ...after['v']!.data.subarray(0, 3)]).toEqual([...start.subarray(0, 3), 1, 2, 3, 1, 2, 3])
    expect(after['params']!.data[4]).not.toBe(start[4])
    expect(nodesOf(graph)).toBeLessThan(nodesOf(graphOf({ optimiser: { kind: 'adamw', weightDecay: 0.5, groups: [{ match: 'head.*', rateFactor: 0 }] } })))
  })
})

test.each<[string, Partial<TrainingGraphOptions>]>([
  ['gradients cut to 0', { clipNorm: 0 }],
  ['gradients cut to NaN', { clipValue: Number.NaN }],
  ['clipNorm 1 and clipValue 1', { clipNorm: 1, clipValue: 1 }],
])('refuses %s', (message, options) => {
  expect(() => graphOf({ optimiser: { kind: 'sgd' }, ...options })).toThrow(expect.objectContaining({ code: 'E_OPTIMISER', message }))
})

test.each<[string, number, number]>([
  ['step 0 of an optimiser', 0.1, 0],
  ['step 1.5 of an optimiser', 0.1, 1.5],
  ['a learning rate of NaN', Number.NaN, 1],
])('refuses to feed %s', (message, rate, step) => {
  expect(() => optimiserFeeds(rate, step, { kind: 'adamw' })).toThrow(expect.objectContaining({ code: 'E_OPTIMISER', message }))
})

// timm 1.0.19, ModelEmaV3.get_decay of steps 1 .. 6, 12 and 40
describe('what a moving average keeps', () => {
  const decays = (options: AverageOptions) => [1, 2, 3, 4, 5, 6, 12, 40].map((update) => averageDecayAt(update, options))

  test('after the first update, which copies', () => {
    expect(decays({ kind: 'exponential', decay: 0.9 })).toEqual([0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
  })
  test('rises with a warm-up', () => {
    expect(decays({ kind: 'exponential', decay: 0.9, warmUp: {} })).toBeAllclose(
      [0, 0.3700394750525634, 0.5192501432308638, 0.6031497370079502, 0.6580048106646605, 0.69714656786131, 0.809214292907778, 0.9], { rtol: 1e-14 })
    expect(decays({ kind: 'exponential', decay: 0.7, warmUp: { gamma: 2, power: 0.9, least: 0.4 }, after: 2 })).toBeAllclose(
      [0, 0, 0, 0.4, 0.46411326873185343, 0.561616709445913, 0.7, 0.7], { rtol: 1e-14 })
  })
  test.each<[string, number, AverageOptions]>([
    ['an average with decay 1.5', 2, { kind: 'exponential', decay: 1.5 }],
    ['update 0 of an average', 0, { kind: 'equal' }],
  ])('is refused: %s', (message, update, options) => {
    expect(() => averageDecayAt(update, options)).toThrow(expect.objectContaining({ code: 'E_OPTIMISER', message }))
  })
})

test('an average starts at the parameters', () => {
  expect(graphOf({ optimiser: { kind: 'sgd', momentum: 0.9 }, average: true }).start(start)).toEqual({
    params: { shape: [5], data: start }, momentum: { shape: [5], data: new Float32Array(5) }, average: { shape: [5], data: start },
  })
})

test('carries states beside what is trained', async () => {
  const count = input('count', [])
  const graph = graphOf({ optimiser: { kind: 'sgd' }, state: [{ input: count, next: add(count, 1) }] })
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph)
  for (const step of [1, 2, 3]) await program.run(optimiserFeeds(0.1, step, { kind: 'sgd' }))
  expect((await program.readState())['count']!.data[0]).toBe(3)
  await program.close()
})

describe('a loss that reads all parameters as one vector', () => {
  const parameters = [{ name: 'w', shape: [2], decay: true }]
  const { flat, params } = flatParameters(parameters)
  const make = (loss: Node) => trainingGraph({ loss, inputs: [], parameters, flat, params, optimiser: { kind: 'sgd' } })

  test('is refused: no derivative would flow to it', () => {
    expect(() => make(sum(square(flat), [0]))).toThrow(expect.objectContaining({ code: 'E_GRAPH', message: 'the loss reads all parameters as one vector, "params", and would not be derived by it' }))
    expect(() => make(add(sum(params['w']!, [0]), sum(square(flat), [0])))).toThrow('as one vector')
  })

  test('is not, by name or where nothing is to flow', () => {
    expect(make(add(sum(params['w']!, [0]), sum(stopGradient(square(flat)), [0]))).state).toHaveLength(1)
  })
})

function nodesOf({ state }: ReturnType<typeof graphOf>): number {
  return topologicalOrder(state.map(({ next }) => next)).length
}
