import { describe, expect, test } from 'vitest'
import { fit, type FitOptions, forward } from '../../src/train/fit.ts'
import { add, batchNorm, crossEntropy, dropout, input, log, matmul, mean, mul, type Node, optimiserFeeds, ortExecutor, referenceExecutor, runningStatistics, square, sub, sum, trainingGraph, flatParameters } from '../../src/engine/index.ts'
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

describe('settings of the update', () => {
  const executor = ortExecutor({ device: 'cpu', threads: 1 })
  const wAndB = (params: Record<string, Tensor>): number[] => [...params['w']!.data, ...params['b']!.data]
  const rows = (start: number, end: number): Record<string, Tensor> => ({
    x: tensor([end - start, 2], ...batch.x.data.slice(2 * start, 2 * end)), y: tensor([end - start, 1], ...batch.y.data.slice(start, end)) })

  // the gradient at 0 is (-10.5, -6, -8.5)
  test('gradients are cut number by number', async () => {
    const params = await fit({ ...line, executor, batches: [batch], optimiser: { kind: 'sgd' }, clipValue: 7 })
    expect(wAndB(params)).toBeAllclose([0.7, 0.6, 0.7], { atol: 1e-6, rtol: 0 })
  })

  test('several batches make one step, copied where the next is written over them, and those that are left the last', async () => {
    const steps: number[] = []
    const buffer = { x: tensor([2, 2], 0, 0, 0, 0), y: tensor([2, 1], 0, 0) }
    function* halves(): Generator<Record<string, Tensor>> {
      for (const [start, end] of [[0, 2], [2, 4], [0, 2]] as const) {
        for (const name of ['x', 'y'] as const) buffer[name].data.set(rows(start, end)[name]!.data)
        yield buffer
      }
    }
    const parts = await fit({ ...line, executor, inputs: { x: [2, 2], y: [2, 1] }, accumulate: 2, batches: halves(), onStep: ({ loss }) => steps.push(loss) })
    const whole = await fit({ ...line, executor, batches: [batch] })
    // w = 0.1 (10.5, 6), b = 0.85 after the first step: of the rows left the errors are 1.9 - 5 and 1.45 - 2
    expect(steps).toBeAllclose([20.25, (3.1 ** 2 + 0.55 ** 2) / 2], { rtol: 1e-5 })
    const one = await fit({ ...line, executor, inputs: { x: [2, 2], y: [2, 1] }, accumulate: 2, batches: [rows(0, 2), rows(2, 4)] })
    expect(wAndB(one)).toBeAllclose(wAndB(whole), { rtol: 1e-5 })
    expect(wAndB(parts)).not.toEqual(wAndB(one))
  })

  test('what is answered is the moving average where there is one', async () => {
    const after = async (count: number, average?: FitOptions['average']) => wAndB(await fit({ ...line, executor, batches: Array.from({ length: count }, () => batch), ...(average === undefined ? {} : { average }) }))
    const [one, two] = [await after(1), await after(2)]
    expect(await after(2, { kind: 'equal' })).toBeAllclose(one.map((first, i) => (first + two[i]!) / 2), { rtol: 1e-6 })
  })

  test('a loss scale skips the update that overflows, and counts it for no one', async () => {
    const seen: unknown[] = []
    const params = await fit({ ...line, executor, rate: 0.1, batches: [batch, batch], optimiser: { kind: 'sgd' }, lossScale: { start: 2 ** 127 }, onStep: (step) => seen.push(step) })
    expect(seen).toMatchObject([{ step: 1, loss: 20.25, gradientNorm: null, lossScale: 2 ** 127 }, { step: 2, loss: 20.25, gradientNorm: null, lossScale: 2 ** 126 }])
    expect(wAndB(params)).toEqual([0, 0, 0])
  })
})

describe('refuses', () => {
  const executor = referenceExecutor()
  test.each<[string, Partial<FitOptions>, string, string]>([
    ['a parameter without a start', { start: { w: start.w } }, 'E_START', 'parameter "b" has no start'],
    ['a start of another shape', { start: { ...start, w: tensor([1, 2], 0, 0) } }, 'E_START', 'parameter "w" [2, 1] has a start of shape [1, 2] with 2 numbers'],
    ['a start that is not finite', { start: { ...start, w: tensor([2, 1], 1, NaN) } }, 'E_START', 'parameter "w" starts with NaN as number 1'],
    ['a rate that is no number, at the first step', { rate: () => NaN }, 'E_OPTIMISER', 'a learning rate of NaN at step 1'],
    ['gradients of half a batch', { accumulate: 0.5 }, 'E_OPTIMISER', 'gradients of 0.5 micro-batches'],
    ['two parameters of one name', { parameters: [...line.parameters, line.parameters[0]!] }, 'E_GRAPH', 'two parameters are named "w"'],
    ['a batch that lies another way', { batches: [{ ...batch, y: { shape: [1, 4], data: batch.y.data } }] }, 'E_FEED', 'input "y" [4, 1] was fed [1, 4]'],
    ['a batch without an input', { batches: [{ x: batch.x }] }, 'E_FEED', 'input "y" [4, 1] was not fed'],
  ])('%s', async (_title, options, code, message) => {
    await expect(fit({ ...line, executor, batches: [batch], ...options })).rejects.toMatchObject({ code, message })
  })

  test('a loss that is no number, naming where it came from', async () => {
    const options = { ...line, executor, batches: [batch, batch], loss: ({ y }: Parameters<FitOptions['loss']>[0], { b }: Parameters<FitOptions['loss']>[1]) => mean(log(sub(b!, y!)), [0, 1]) }
    await expect(fit(options)).rejects.toMatchObject({ code: 'E_LOSS', message: expect.stringMatching(/^the loss is NaN at step 1: .*log/) })
  })

  const classes = (...labels: number[]) => ({
    parameters: [{ name: 'w', shape: [1, 3], decay: true }], start: { w: tensor([1, 3], 0.1, 0.2, 0.3) }, inputs: { x: [labels.length, 1], y: [labels.length] }, optimiser: { kind: 'sgd' } as const, rate: 0.1,
    loss: ({ x, y }: Nodes, { w }: Nodes) => crossEntropy(matmul(x!, w!), y!), batches: [{ x: tensor([labels.length, 1], ...labels.map(() => 1)), y: tensor([labels.length], ...labels) }],
  })
  test.each([['reference', executor], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('a class that is none, with its value and row, on %s', async (_title, on) => {
    const hint = 'classes are whole numbers, 0 to 2; crossEntropy leaves out those of ignoreIndex (-100)'
    await expect(fit({ ...classes(0, 2, 3, -100), executor: on })).rejects.toMatchObject({ code: 'E_LOSS', hint, message: 'the loss is NaN at step 1: class 3 of input "y", row 2, is none of the 3 classes' })
    await expect(fit({ ...classes(0, 1.5), executor: on })).rejects.toMatchObject({ message: 'the loss is NaN at step 1: class 1.5 of input "y", row 1, is none of the 3 classes' })
  })

  test('an input that is not finite, by name; it is to be looked at, not the rate', async () => {
    await expect(fit({ ...line, executor, batches: [{ ...batch, x: tensor([4, 2], 1, 0, 0, 1, NaN, 1, 2, 1) }] })).rejects.toMatchObject({
      code: 'E_LOSS', hint: 'look at what is fed as "x"', message: expect.stringMatching(/^the loss is NaN at step 1: input "x" \[4, 2\] .* was fed .*1 NaN of 8 numbers, the first at \[2, 0\]/) as string })
  })

  test('what is not finite before any update: not the rate, but what is fed and the start; the parameter is named', async () => {
    const options = { ...line, executor, start: { ...start, b: tensor([1], -1) }, batches: [batch], loss: (_: Nodes, { w, b }: Nodes) => add(log(sum(b!, [0])), sum(w!, [0, 1])) }
    await expect(fit(options)).rejects.toMatchObject({
      hint: expect.stringMatching(/^no update was made yet, so look at what is fed .* before the learning rate$/) as string,
      message: expect.stringMatching(/^the loss is NaN at step 1: log \[\] \(fit\.test\.ts:\d+\) is the first .*; computed from sum \[\] \(fit\.test\.ts:\d+\): -1$/) as string })
    await expect(fit({ ...options, loss: (_, { w, b }) => add(sum(log(b!), [0]), sum(w!, [0, 1])) })).rejects.toMatchObject({ message: expect.stringMatching(/computed from parameter "b" \[1\]: -1$/) as string })
  })

  test('parameters that an update threw out of float32, by name at the next step', async () => {
    // a rate of 1e38 times a gradient of -8.5 is infinite for b alone: w has no gradient where x is 0
    const zeros = { ...batch, x: tensor([4, 2], 0, 0, 0, 0, 0, 0, 0, 0) }
    await expect(fit({ ...line, executor: ortExecutor({ device: 'cpu', threads: 1 }), batches: [zeros, zeros], rate: 1e38, optimiser: { kind: 'sgd' } })).rejects.toMatchObject({
      hint: 'try a smaller learning rate', message: expect.stringMatching(/at step 2: parameter "b" \[1\] \(1 of 1 numbers\) was not finite before the step$/) as string })
  })

  test('outputs that are made as in training', async () => {
    const asked = { executor, inputs: { x: [2, 2] }, params: {} }
    await expect(forward({ ...asked, outputs: ({ x }) => ({ y: dropout(x!, { name: 'kept', rate: 0.5 }) }) })).rejects.toMatchObject({
      code: 'E_GRAPH', hint: 'give dropout a rate of 0 in forward', message: expect.stringMatching(/^the outputs depend on "kept" \[2, 2\], drawn anew at each step \(fit\.test\.ts:\d+\)$/) as string })
    await expect(forward({ ...asked, outputs: ({ x }) => ({ y: add(batchNorm(x!, runningStatistics('bn', 2), { training: true }).y, 1) }) })).rejects.toMatchObject({
      code: 'E_GRAPH', message: expect.stringMatching(/^batchNorm \[2, 2\] \(fit\.test\.ts:\d+\) normalises by the statistics of the batch, as in training$/) as string })
  })
})
