import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  add, crossEntropy, fit, flatParameters, forward, gruLayers, gruSpec, initialise, input, learningRateAt, linear, linearSpec, matmul, mean, mul, optimiserFeeds, ortExecutor, type Program, referenceExecutor,
  square, tableBatches, trainingGraph,
} from '../../src/model.ts'
import type { Tensor } from '../../src/tensor.ts'

const parameters = linearSpec('out', 2, 3, { init: 'fan-in' })
const tensor = (shape: readonly number[]): Tensor => ({ shape, data: new Float32Array(shape.reduce((size, extent) => size * extent, 1)) })
/** What plain JavaScript lets through. */
const misuse = (value: unknown): never => value as never
const fitting = (over: object) => fit({
  executor: referenceExecutor(), parameters, start: initialise(parameters, 0), inputs: { x: [2, 2], y: [2] }, loss: ({ x, y }, params) => crossEntropy(linear(x!, params, 'out'), y!), optimiser: { kind: 'sgd' },
  rate: 0.1, batches: [{ x: tensor([2, 2]), y: tensor([2]) }], ...over,
})

test.each<[what: string, over: object, code: string, message: string, hint?: RegExp]>([
  ['a misspelt parameter', { loss: misuse(({ x }: Record<string, never>, params: Record<string, never>) => mean(matmul(x!, params['out.wieght']!), [0, 1])) }, 'E_NAME', 'no parameter "out.wieght"', /^did you mean "out\.weight"\?/],
  ['a misspelt block', { loss: misuse(({ x, y }: Record<string, never>, params: Record<string, never>) => crossEntropy(linear(x!, params, 'uot'), y!)) }, 'E_NAME', 'linear: no parameter "uot.weight"', /^did you mean "out\.weight"\?/],
  ['a misspelt input', { loss: misuse(({ label }: Record<string, never>) => mean(label!, [0])) }, 'E_NAME', 'no input "label"', /The names begin with: x, y$/],
  ['an input that no batch should have', { batches: [{ x: tensor([2, 2]), y: tensor([2]), yy: tensor([2]) }] }, 'E_FEED', 'no input "yy"', /^did you mean "y"\?/],
  ['numbers in float64', { batches: [{ x: { shape: [2, 2], data: new Float64Array(4) }, y: tensor([2]) }] }, 'E_FEED', 'input "x" must be { shape, data: a Float32Array }, not of Float64Array'],
  ['a plain list', { batches: [{ x: [1, 2, 3, 4], y: tensor([2]) }] }, 'E_FEED', 'input "x" must be { shape, data: a Float32Array }, not of Array'],
  ['numbers without a shape', { batches: [{ x: tensor([2, 2]), y: { data: new Float32Array(2) } }] }, 'E_FEED', 'input "y" must be { shape, data: a Float32Array }, not numbers without a shape'],
  ['an option as PyTorch writes it', { optimiser: { kind: 'adamw', weight_decay: 0.1 } }, 'E_OPTIMISER', 'no option of adamw "weight_decay"', /^did you mean "weightDecay"\?/],
  ['the rate among the options', { optimiser: { kind: 'sgd', lr: 0.1 } }, 'E_OPTIMISER', 'no option of sgd "lr"'],
  ['an option of another optimiser in a group', { optimiser: { kind: 'adam', groups: [{ match: '*', momentum: 0.9 }] } }, 'E_OPTIMISER', 'no option of adam "momentum"'],
])('fit refuses %s', async (_, over, code, message, hint = /./) => {
  await expect(fitting(over)).rejects.toMatchObject({ code, message, hint: expect.stringMatching(hint) as string })
})

test.each<[what: string, over: object, message: string]>([
  ['a limit as PyTorch writes it', { clip_norm: 1 }, 'fit: clip_norm is no option'],
  ['a precision there is not', { precision: 'half' }, 'fit: precision must be "float32" or "float16", not "half"'],
  ['a misspelt option of the loss scale', { lossScale: { grow: 2 } }, 'fit: lossScale.grow is no option'],
  ['an average that is only asked for', { average: true }, 'fit: average must be an object such as { kind: "exponential" }, not true'],
  ['a misspelt option of an average', { average: { kind: 'exponential', decai: 0.9 } }, 'fit: average.decai is no option'],
  ['half a seed', { seed: 0.5 }, 'fit: seed must be a whole number, not 0.5'],
  ['a rate as a text', { rate: '0.1' }, 'fit: rate must be a number or a function of the step, not "0.1"'],
  ['batches that are none', { batches: undefined }, 'fit: batches must be something to go through, such as a list, not undefined'],
  ['a start in float64', { start: { 'out.weight': { shape: [2, 3], data: new Float64Array(6) } } }, 'fit: start.out.weight.data must be a Float32Array, not a Float64Array'],
])('fit refuses %s', async (_, over, message) => {
  await expect(fitting(over)).rejects.toMatchObject({ code: 'E_ARGUMENT', message })
})

test('a rate that is no number any more is told with its step', async () => {
  const batches = Array.from({ length: 3 }, () => ({ x: tensor([2, 2]), y: tensor([2]) }))
  await expect(fitting({ rate: (step: number) => (step === 2 ? NaN : 0.1), batches })).rejects.toMatchObject({ code: 'E_OPTIMISER', message: 'a learning rate of NaN at step 2' })
})

test('a name that may be missing can be asked for', () => {
  const { params } = flatParameters(parameters)
  expect(['out.bias' in params, 'out.gain' in params]).toEqual([true, false])
  expect(() => flatParameters(linearSpec('plain', 2, 3, { init: 'fan-in', bias: false })).params['plain.bias']).toThrow(/^no parameter "plain\.bias"$/)
})

test('more layers than the parameters have are refused by name', () => {
  const { params } = flatParameters(gruSpec('gru', { inputs: 2, width: 3 }))
  expect(() => gruLayers(input('x', [1, 4, 2]), params, { name: 'gru', layers: 2 })).toThrow(expect.objectContaining({ code: 'E_NAME', message: 'gruLayers: no parameter "gru.weight_hh_l1"' }))
})

test.each<[message: string, spec: object]>([
  ['parameter "w": decay must be true or false, not undefined', { name: 'w', shape: [2], init: { kind: 'constant', value: 0 } }],
  ['parameter "w": shape must be a list of whole numbers, not 2', { name: 'w', shape: 2, init: { kind: 'constant', value: 0 }, decay: true }],
  ['parameter "w": init must be an object such as { kind: "constant" }, not "fan_in"', { name: 'w', shape: [2], init: 'fan_in', decay: true }],
  ['parameter "w": init.kind must be "constant" or "uniform" or "truncated-normal", not "normal"', { name: 'w', shape: [2], init: { kind: 'normal' }, decay: true }],
  ['parameter "w": init.std is no option', { name: 'w', shape: [2], init: { kind: 'truncated-normal', std: 1 }, decay: true }],
  ['parameter "w": init.bound must be a number, not NaN', { name: 'w', shape: [2], init: { kind: 'uniform', bound: NaN }, decay: true }],
])('initialise refuses %s', (message, spec) => {
  expect(() => initialise(misuse([spec]), 0)).toThrow(expect.objectContaining({ code: 'E_PARAMETER', message }))
})

test('a start that there is not is refused where a matrix is declared', () => {
  expect(() => linearSpec('w', 2, 3, { init: misuse('fan_in') })).toThrow(expect.objectContaining({ code: 'E_ARGUMENT', message: expect.stringMatching(/^linearSpec: init must be "xavier" or "fan-in", not "fan_in" \(misuse\.test\.ts:\d+\)$/) as string, hint: 'did you mean "fan-in"?' }))
})

test.each<[message: string, make: () => unknown]>([
  ['no schedule "cosin"', () => learningRateAt(0, 9, misuse({ kind: 'cosin', learningRate: 1 }))],
  ['no option of schedule "cosine" "warmup"', () => learningRateAt(0, 9, misuse({ kind: 'cosine', learningRate: 1, warmup: 0.1 }))],
  ['schedule "constant" with learningRate 0.1', () => learningRateAt(0, 9, misuse({ kind: 'constant', learningRate: '0.1' }))],
  ['no option of adamw "betas"', () => optimiserFeeds(0.1, 1, misuse({ kind: 'adamw', betas: [0.9, 0.99] }))],
  ['no option of tableBatches "batch"', () => tableBatches({ x: tensor([4, 2]) }, misuse({ rows: 2, batch: 2, epochs: 1, seed: 0 })).next()],
  ['undefined epochs of a table', () => tableBatches({ x: tensor([4, 2]) }, misuse({ rows: 2, seed: 0 })).next()],
  ['a table in the order of seed undefined', () => tableBatches({ x: tensor([4, 2]) }, misuse({ rows: 2, epochs: 1 })).next()],
  ['column "x" is no Float32Array', () => tableBatches({ x: { shape: [4], data: misuse([1, 2, 3, 4]) } }, { rows: 2, epochs: 1, seed: 0 }).next()],
  ['no way to end a table "shrt"', () => tableBatches({ x: tensor([4, 2]) }, { rows: 2, epochs: 1, seed: 0, last: misuse('shrt') }).next()],
])('refuses %s', (message, make) => {
  expect(make).toThrow(expect.objectContaining({ message }))
})

test.each<[message: string, over: object]>([
  ['forward: output is no option', { output: () => ({}) }],
  ['forward: outputs must be a function, not an object with nothing', { outputs: {} }],
  ['forward: params.w.data must be a Float32Array, not a Float64Array', { params: { w: { shape: [1], data: new Float64Array(1) } } }],
])('refuses %s', async (message, over) => {
  await expect(forward(misuse({ executor: referenceExecutor(), inputs: { x: [2] }, params: {}, outputs: ({ x }: Record<string, never>) => ({ y: x }), ...over }))).rejects.toMatchObject({ code: 'E_ARGUMENT', message })
})

describe.each([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('a program on %s', (_, executor) => {
  let program: Program
  beforeAll(async () => { program = await forward({ executor, inputs: { x: [2] }, params: {}, outputs: ({ x }) => ({ y: add(x!, 1) }) }) })
  afterAll(() => program.close())

  test('that is closed says so, and can be closed again', async () => {
    const closed = await forward({ executor, inputs: { x: [2] }, params: {}, outputs: ({ x }) => ({ y: mul(x!, 2) }) })
    await closed.close()
    await closed.close()
    for (const use of [() => closed.run({ x: tensor([2]) }), () => closed.readState(), () => closed.readPreviousState(), () => closed.writeState({})]) {
      await expect(use()).rejects.toMatchObject({ code: 'E_CLOSED', message: 'the program was closed', hint: 'compile its graph again, or close it later' })
    }
  })

  test('refuses feeds that it has no input for', async () => {
    await expect(program.run({ x: tensor([2]), X: tensor([2]) })).rejects.toMatchObject({ code: 'E_FEED', message: 'no input "X"', hint: 'did you mean "x"? There is: x' })
  })
})

test('refuses a state in float64', async () => {
  const { flat, params } = flatParameters(parameters)
  const graph = trainingGraph({ loss: mean(square(params['out.bias']!), [0]), inputs: [], parameters, flat, params, optimiser: { kind: 'sgd' } })
  const program = await referenceExecutor().compile(graph)
  await expect(program.writeState({ params: misuse({ shape: [9], data: new Float64Array(9) }) })).rejects.toMatchObject({ code: 'E_STATE', message: 'state "params" must be { shape, data: a Float32Array }, not of Float64Array' })
})
