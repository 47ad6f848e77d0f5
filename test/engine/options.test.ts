import { expect, test } from 'vitest'
import {
  accumulationGraphs, averageDecayAt, encodeOnnx, flatParameters, input, learningRateAt, memoryPlan, ortExecutor, ortWebExecutor, plateauAfter, plateauStart, programCache, referenceExecutor, square, sum, tfjsExecutor, trainingGraph,
} from '../../src/engine/index.ts'

/** What plain JavaScript lets through. */
const misuse = (value: unknown): never => value as never
const parameters = [{ name: 'w', shape: [2], decay: true }, { name: 'b', shape: [1], decay: false }]
const { flat, params } = flatParameters(parameters)
const step = (over: object): never => misuse({ loss: sum(square(params['w']!), [0]), inputs: [], parameters, flat, params, optimiser: { kind: 'sgd' }, ...over })
const x = input('x', [2])
const graph = { inputs: [x], state: [], outputs: { y: square(x) } }

test.each<[code: string, message: string, make: () => unknown, hint?: RegExp]>([
  ['E_ARGUMENT', 'trainingGraph: clip_norm is no option', () => trainingGraph(step({ clip_norm: 1 })), /^did you mean "clipNorm"\?/],
  ['E_ARGUMENT', 'trainingGraph: precision must be "float32" or "float16", not "fp16"', () => trainingGraph(step({ precision: 'fp16' }))],
  ['E_ARGUMENT', 'trainingGraph: average must be true or false, not an object with kind', () => trainingGraph(step({ average: { kind: 'equal' } }))],
  ['E_ARGUMENT', 'trainingGraph: lossScale.backof is no option', () => trainingGraph(step({ lossScale: { backof: 0.25 } })), /^did you mean "backoff"\?/],
  ['E_ARGUMENT', 'trainingGraph: lossScale.start must be a number, not "65536"', () => trainingGraph(step({ lossScale: { start: '65536' } }))],
  ['E_ARGUMENT', 'trainingGraph: loss must be a node, not undefined', () => trainingGraph(step({ loss: undefined })), /misspelt/],
  ['E_ARGUMENT', 'trainingGraph: optimiser must be an object such as { kind: "adamw" }, not "sgd"', () => trainingGraph(step({ optimiser: 'sgd' }))],
  ['E_ARGUMENT', 'accumulationGraphs: accumulate is no option', () => accumulationGraphs(step({ accumulate: 2 }))],
  ['E_OPTIMISER', 'gradients cut to 1', () => trainingGraph(step({ clipNorm: '1' })), /^the limit must be a number above 0/],
  ['E_OPTIMISER', 'sgd with nesterov no', () => trainingGraph(step({ optimiser: { kind: 'sgd', momentum: 0.9, nesterov: 'no' } })), /true or false/],
  ['E_OPTIMISER', 'group "b": frozen must be true or false, not "no"', () => trainingGraph(step({ optimiser: { kind: 'sgd', groups: [{ match: 'b', frozen: 'no' }] } }))],
  ['E_OPTIMISER', 'group "b" with rateFactor 2', () => trainingGraph(step({ optimiser: { kind: 'sgd', groups: [{ match: 'b', rateFactor: '2' }] } })), /must be a number/],
  ['E_OPTIMISER', 'a group of parameters: match must be a text or a list of them, not undefined', () => trainingGraph(step({ optimiser: { kind: 'sgd', groups: [{ matches: 'b' }] } }))],
  ['E_OPTIMISER', 'an optimiser: groups must be a list, not an object with match', () => trainingGraph(step({ optimiser: { kind: 'sgd', groups: { match: 'b' } } }))],
  ['E_OPTIMISER', 'averageDecayAt: average.kind must be "exponential" or "equal", not "ema"', () => averageDecayAt(1, misuse({ kind: 'ema' }))],
  ['E_OPTIMISER', 'averageDecayAt: average.warmUp.gama is no option', () => averageDecayAt(1, misuse({ kind: 'exponential', warmUp: { gama: 2 } })), /^did you mean "gamma"\?/],
  ['E_OPTIMISER', 'averageDecayAt: average.after must be a whole number of 0 or more, not -1', () => averageDecayAt(1, { kind: 'equal', after: -1 })],
  ['E_SCHEDULE', 'plateauAfter: patiense is no option', () => plateauAfter(plateauStart(1), 1, misuse({ better: 'lower', patiense: 2 })), /^did you mean "patience"\?/],
  ['E_SCHEDULE', 'plateauAfter: better must be "lower" or "higher", not "less"', () => plateauAfter(plateauStart(1), 1, misuse({ better: 'less' }))],
  ['E_SCHEDULE', 'plateauAfter: patience must be a whole number of 0 or more, not 1.5', () => plateauAfter(plateauStart(1), 1, { better: 'lower', patience: 1.5 })],
  ['E_SCHEDULE', 'plateauStart: rate must be a finite number of 0 or more, not NaN', () => plateauStart(NaN)],
  ['E_SCHEDULE', 'schedule "step" without every', () => learningRateAt(3, 9, misuse({ kind: 'step', learningRate: 1 }))],
  ['E_SCHEDULE', 'schedule "multi-step" without at', () => learningRateAt(3, 9, misuse({ kind: 'multi-step', learningRate: 1 }))],
  ['E_SCHEDULE', 'schedule "exponential" without factor', () => learningRateAt(3, 9, misuse({ kind: 'exponential', learningRate: 1 }))],
  ['E_SCHEDULE', 'schedule "cosine" without learningRate', () => learningRateAt(3, 9, misuse({ kind: 'cosine' }))],
  ['E_ARGUMENT', 'ortExecutor: device must be "cpu" or "webgpu" or "cuda", not "gpu"', () => ortExecutor({ device: misuse('gpu') }), /^did you mean "cpu"\?$/],
  ['E_ARGUMENT', 'ortExecutor: device must be "cpu" or "webgpu" or "cuda", not undefined', () => ortExecutor(misuse({}))],
  ['E_ARGUMENT', 'ortExecutor: threads must be a whole number of 1 or more, not 0', () => ortExecutor({ device: 'cpu', threads: 0 })],
  ['E_ARGUMENT', 'ortExecutor: spin must be a whole number of 0 or more, not true', () => ortExecutor({ device: 'cpu', spin: misuse(true) })],
  ['E_ARGUMENT', 'ortExecutor: thread is no option', () => ortExecutor(misuse({ device: 'cpu', thread: 2 })), /^did you mean "threads"\?/],
  ['E_ARGUMENT', 'ortWebExecutor: threads must be a whole number of 1 or more, not 1.5', () => ortWebExecutor({ threads: 1.5 })],
  ['E_ARGUMENT', 'tfjsExecutor: backend must be "cpu" or "wasm" or "webgpu" or "node" or "node-gpu", not "gpu"', () => tfjsExecutor({ backend: misuse('gpu') })],
  ['E_ARGUMENT', 'tfjsExecutor: backend must be "cpu" or "wasm" or "webgpu" or "node" or "node-gpu", not undefined', () => tfjsExecutor(misuse({}))],
  ['E_ARGUMENT', 'tfjsExecutor: backend is no option', () => tfjsExecutor(misuse({ tf: {}, backend: 'cpu' })), /There is: tf, name$/],
  ['E_ARGUMENT', 'memoryPlan: graph.inputs must be a list, not undefined', () => memoryPlan(misuse({ outputs: {} }))],
  ['E_ARGUMENT', 'memoryPlan: graph.outputs.y must be a node, not 1', () => memoryPlan({ ...graph, outputs: { y: misuse(1) } })],
  ['E_ARGUMENT', 'encodeOnnx: loop is no option', () => encodeOnnx(graph, misuse({ loop: true })), /^did you mean "loops"\?/],
  ['E_ARGUMENT', 'encodeOnnx: metadata.epoch must be a text, not 3', () => encodeOnnx(graph, { metadata: { epoch: misuse(3) } })],
  ['E_ARGUMENT', 'encodeOnnx: values.x.data must be a Float32Array, not [1, 2]', () => encodeOnnx(graph, { values: { x: { shape: [2], data: misuse([1, 2]) } } })],
  ['E_ARGUMENT', 'programCache: bucket is no option', () => programCache(referenceExecutor(), () => graph, misuse({ bucket: { rows: [2] } })), /^did you mean "buckets"\?/],
  ['E_ARGUMENT', 'programCache: buckets.rows must be a list, not 2', () => programCache(referenceExecutor(), () => graph, { buckets: { rows: misuse(2) } })],
  ['E_ARGUMENT', 'programCache: executor.compile must be a function, not undefined', () => programCache(misuse({ name: 'cpu' }), () => graph, { buckets: {} })],
])('%s: %s', (code, message, make, hint = /^(?!.* $)/) => {
  expect(refusalOf(make)).toEqual({ code, message, hint: expect.stringMatching(hint) as string })
})

test.each([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu' })], ['TensorFlow.js', tfjsExecutor({ backend: 'cpu' })]])('%s compiles no graph that lacks a part', async (_, executor) => {
  await expect(executor.compile(misuse({ inputs: [x], outputs: { y: square(x) } }))).rejects.toMatchObject({ code: 'E_ARGUMENT', message: 'compile: graph.state must be a list, not undefined' })
  await expect(executor.compile(misuse({ ...graph, outputs: square(x) }))).rejects.toMatchObject({ code: 'E_ARGUMENT' })
})

function refusalOf(make: () => unknown): object {
  try {
    make()
  } catch (error) {
    const { code, message, hint = '' } = error as Error & { code: string; hint?: string }
    return { code, message, hint }
  }
  throw new Error('nothing was refused')
}
