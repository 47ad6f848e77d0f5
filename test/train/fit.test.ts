import { describe, expect, test } from 'vitest'
import { fit, type FitOptions, forward } from '../../src/train/fit.ts'
import { add, batchNorm, dropout, input, log, matmul, mean, mul, type Node, optimiserFeeds, ortExecutor, referenceExecutor, runningStatistics, square, sub, sum, trainingGraph, flatParameters } from '../../src/engine/index.ts'
import type { Nodes } from '../../src/models/index.ts'
import type { Tensor } from '../../src/tensor.ts'

const tensor = (shape: readonly number[], ...data: number[]): Tensor => ({ shape, data: Float32Array.from(data) })
const parameters = [{ name: 'w', shape: [2, 1], decay: true }, { name: 'b', shape: [1], decay: false }]
const start = { w: tensor([2, 1], 0, 0), b: tensor([1], 0) }
// y = 2 a - b + 3, exactly
const batch = { x: tensor([4, 2], 1, 0, 0, 1, 1, 1, 2, 1), y: tensor([4, 1], 5, 2, 4, 6) }
const line = {
  parameters, start, inputs: { x: [4, 2], y: [4, 1] }, optimiser: { kind: 'sgd', momentum: 0.9 }, rate: 0.1,
  loss: ({ x, y }, params) => mean(square(sub(add(matmul(x!, params['w']!), params['b']!), y!)), [0, 1]),
} satisfies Omit<FitOptions, 'executor' | 'batches'>

describe.each([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('on %s', (_, executor) => {
  test('finds the line that the numbers lie on, and computes with it', async () => {
    const params = await fit({ ...line, executor, batches: Array.from({ length: 400 }, () => batch) })
    expect(params['w']!.data).toBeAllclose([2, -1], { atol: 1e-3, rtol: 0 })
    expect(params['b']!.data).toBeAllclose([3], { atol: 1e-3, rtol: 0 })
    const program = await forward({ executor, params, inputs: { x: [1, 2] }, outputs: ({ x }, { w, b }) => ({ y: add(matmul(x!, w!), b!) }) })
    expect((await program.run({ x: tensor([1, 2], 10, 1) }))['y']!.data).toBeAllclose([22], { atol: 1e-2, rtol: 0 })
    await program.close()
  })

  // by hand: the gradient of b at 0 is the mean of -2 y = -8.5, that of w (-2 (5 + 4 + 12) / 4, -2 (2 + 4 + 6) / 4) = (-10.5, -6)
  test('tells each step, and moves by its rate', async () => {
    const steps: unknown[] = []
    const params = await fit({ ...line, executor, batches: [batch], rate: (step) => step / 100, onStep: (step) => steps.push(step) })
    expect(steps).toEqual([{ step: 1, loss: (25 + 4 + 16 + 36) / 4, gradientNorm: expect.closeTo(Math.hypot(8.5, 10.5, 6), 4), rate: 0.01 }])
    expect([...params['w']!.data, ...params['b']!.data]).toBeAllclose([0.105, 0.06, 0.085], { atol: 1e-6, rtol: 0 })
  })
})

// batches of mean 2 and 6 and unbiased variance 2 and 8; of all batches 4 and 5, so that 9 is (9 - 4) / sqrt(5)
test('carries the statistics of batch normalisations, from where they were, and evaluates with them', async () => {
  const executor = referenceExecutor()
  const normalise = (x: Node, params: Nodes, training: boolean) => batchNorm(x, runningStatistics('bn', 1, params), { training, momentum: null, epsilon: 1e-9 })
  const options = {
    executor, parameters, inputs: { x: [2, 1] }, optimiser: { kind: 'sgd' } as const, rate: 0,
    loss: ({ x }: Nodes, params: Nodes) => {
      const { y, state } = normalise(x!, params, true)
      return { loss: mean(square(add(y, params['b']!)), [0, 1]), state }
    },
  }
  const once = await fit({ ...options, start, batches: [{ x: tensor([2, 1], 1, 3) }] })
  const params = await fit({ ...options, start: once, batches: [{ x: tensor([2, 1], 4, 8) }] })
  expect([params['bn.mean'], params['bn.variance'], params['bn.batches']]).toEqual([tensor([1], 4), tensor([1], 5), tensor([], 2)])
  const program = await forward({ executor, params, inputs: { x: [1, 1] }, outputs: ({ x }, known) => ({ y: normalise(x!, known, false).y }) })
  expect((await program.run({ x: tensor([1, 1], 9) }))['y']!.data).toBeAllclose([Math.sqrt(5)], { rtol: 1e-6 })
  await program.close()
})

test('is the training graph of the same loss, step by step', async () => {
  const executor = ortExecutor({ device: 'cpu', threads: 1 })
  const optimiser = { kind: 'adamw' } as const
  const found = await fit({ ...line, executor, optimiser, clipNorm: 1, batches: [batch, batch, batch] })
  const { flat, params } = flatParameters(parameters)
  const [x, y] = [input('x', [4, 2]), input('y', [4, 1])]
  const graph = trainingGraph({ loss: line.loss({ x, y }, params), inputs: [x, y], parameters, flat, params, optimiser, clipNorm: 1 })
  const program = await executor.compile(graph)
  for (let step = 1; step <= 3; step++) await program.run({ ...batch, ...optimiserFeeds(0.1, step, optimiser) })
  expect([...found['w']!.data, ...found['b']!.data]).toEqual([...(await program.readState())['params']!.data])
  await program.close()
})

test('draws of the graph depend on the seed and the step alone', async () => {
  const losses = async (seed: number): Promise<number[]> => {
    const found: number[] = []
    const powers = { ...batch, x: tensor([4, 2], 1, 2, 4, 8, 16, 32, 64, 128) } // the sum tells which are dropped
    await fit({
      ...line, executor: referenceExecutor(), seed, rate: 0, batches: [powers, powers], onStep: ({ loss }) => found.push(loss),
      loss: ({ x }, { w }) => add(sum(dropout(x!, { name: 'kept', rate: 0.5 }), [0, 1]), mul(sum(w!, [0, 1]), 0)),
    })
    return found
  }
  expect(await losses(1)).toEqual(await losses(1))
  expect(await losses(1)).not.toEqual(await losses(2))
  expect(new Set(await losses(1)).size).toBe(2)
})

describe('refuses', () => {
  const executor = referenceExecutor()
  test.each<[string, Partial<FitOptions>, string, string]>([
    ['a parameter without a start', { start: { w: start.w } }, 'E_START', 'parameter "b" has no start'],
    ['a start of another shape', { start: { ...start, w: tensor([1, 2], 0, 0) } }, 'E_START', 'parameter "w" [2, 1] has a start of shape [1, 2] with 2 numbers'],
    ['two parameters of one name', { parameters: [...line.parameters, line.parameters[0]!] }, 'E_GRAPH', 'two parameters are named "w"'],
    ['a batch that lies another way', { batches: [{ ...batch, y: { shape: [1, 4], data: batch.y.data } }] }, 'E_FEED', 'input "y" [4, 1] was fed [1, 4]'],
    ['a batch without an input', { batches: [{ x: batch.x }] }, 'E_FEED', 'input "y" [4, 1] was not fed'],
  ])('%s', async (_title, options, code, message) => {
    await expect(fit({ ...line, executor, batches: [batch], ...options })).rejects.toMatchObject({ code, message })
  })

  test('a loss that is no number, naming where it came from', async () => {
    const options = { ...line, executor, batches: [batch, batch], loss: ({ y }: Parameters<FitOptions['loss']>[0], { b }: Parameters<FitOptions['loss']>[1]) => mean(log(sub(b!, y!)), [0, 1]) }
    await expect(fit(options)).rejects.toMatchObject({ code: 'E_LOSS', message: expect.stringMatching(/^loss NaN and gradient .* at step 1: .*log/) })
  })
})
