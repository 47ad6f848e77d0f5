import { describe, expect, test } from 'vitest'
import {
  accumulationGraphs, accumulatorOf, add, type Executor, flatParameters, input, matmul, mean, type Optimiser, optimiserFeeds, ortExecutor, referenceExecutor, reshape, square, sub, sum, trainingGraph,
} from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'

const optimiser: Optimiser = { kind: 'adamw', weightDecay: 0.1, groups: [{ match: 'b', rateFactor: 2 }, { match: 'still', frozen: true }] }
const parameters = [{ name: 'w', shape: [3, 1], decay: true }, { name: 'b', shape: [1], decay: false }, { name: 'still', shape: [1], decay: false }]
const start = Float32Array.of(0.5, -0.3, 0.2, 0.1, 0.7)

/** Least squares over `rows`, and a state that sums what it is fed. */
function options(rows: number) {
  const { flat, params } = flatParameters(parameters)
  const [x, y, seen] = [input('x', [rows, 3]), input('y', [rows, 1]), input('seen', [])]
  const error = sub(add(matmul(x, params['w']!), add(params['b']!, params['still']!)), y)
  return {
    loss: mean(square(error), [0, 1]), inputs: [x, y], parameters, flat, params, optimiser, clipNorm: 0.8, state: [{ input: seen, next: add(seen, sum(x, [0, 1])) }],
    outputs: { error: reshape(error, [rows]) },
  }
}

const feedsOf = (step: number, from: number, to: number): Record<string, Tensor> => ({
  x: { shape: [to - from, 3], data: Float32Array.from({ length: (to - from) * 3 }, (_, i) => Math.sin(step * 17 + (from * 3 + i) * 0.7)) },
  y: { shape: [to - from, 1], data: Float32Array.from({ length: to - from }, (_, i) => Math.cos(step * 5 + from + i)) },
})

describe.each<[string, Executor]>([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('on %s', (_, executor) => {
  test('three micro-batches are one batch of three times the rows', async () => {
    const graph = trainingGraph(options(6))
    const whole = await executor.compile(graph)
    const parts = await accumulatorOf(executor, accumulationGraphs(options(2)))
    await whole.writeState(graph.start(start))
    await parts.writeState(graph.start(start))
    for (let step = 1; step <= 4; step++) {
      const feeds = optimiserFeeds(0.05, step, optimiser)
      const expected = await whole.run({ ...feedsOf(step, 0, 6), ...feeds })
      const { outputs, micro } = await parts.step([[0, 2], [2, 4], [4, 6]].map(([from, to]) => ({ feeds: feedsOf(step, from!, to!) })), feeds)
      for (const name of ['loss', 'gradientNorm']) expect(outputs[name]!.data).toBeAllclose(expected[name]!.data, { rtol: 2e-6 })
      expect(micro.flatMap(({ error }) => [...error!.data])).toBeAllclose(expected['error']!.data, { rtol: 2e-5, atol: 1e-6 })
    }
    const [expected, found] = [await whole.readState(), await parts.readState()]
    expect(Object.keys(found)).toEqual(Object.keys(expected))
    for (const [name, { data }] of Object.entries(found)) expect(data).toBeAllclose(expected[name]!.data, { rtol: 2e-5, atol: 1e-6 })
    await Promise.all([whole.close(), parts.close()])
  })

  test('in float16 too', async () => {
    const half = <Options extends object>(given: Options) => ({ ...given, precision: 'float16', lossScale: { start: 256 } }) as const
    const graph = trainingGraph(half(options(6)))
    const [whole, parts] = [await executor.compile(graph), await accumulatorOf(executor, accumulationGraphs(half(options(2))))]
    await whole.writeState(graph.start(start))
    await parts.writeState(graph.start(start))
    for (let step = 1; step <= 3; step++) {
      const feeds = optimiserFeeds(0.05, step, optimiser)
      await whole.run({ ...feedsOf(step, 0, 6), ...feeds })
      await parts.step([[0, 2], [2, 4], [4, 6]].map(([from, to]) => ({ feeds: feedsOf(step, from!, to!) })), feeds)
    }
    const [expected, found] = [await whole.readState(), await parts.readState()]
    expect(found['params']!.data).toBeAllclose(expected['params']!.data, { rtol: 0, atol: 2e-3 })
    expect([found['scale.value']!.data[0], found['scale.skipped']!.data[0]]).toEqual([256, 0])
    await Promise.all([whole.close(), parts.close()])
  })

  test('weights make the mean of parts of which one counts less', async () => {
    const one = await accumulatorOf(executor, accumulationGraphs(options(2)))
    const { outputs, micro } = await one.step([{ feeds: feedsOf(1, 0, 2), weight: 0.75 }, { feeds: feedsOf(1, 2, 4), weight: 0.25 }], optimiserFeeds(0.05, 1, optimiser))
    expect(outputs['loss']!.data[0]).toBeCloseTo(0.75 * micro[0]!['loss']!.data[0]! + 0.25 * micro[1]!['loss']!.data[0]!, 6)
    await one.close()
  })

  test('a step that cannot end leaves nothing of its gradient', async () => {
    const [broken, clean] = [await accumulatorOf(executor, accumulationGraphs(options(2))), await accumulatorOf(executor, accumulationGraphs(options(2)))]
    const feeds = optimiserFeeds(0.05, 1, optimiser)
    await expect(broken.step([{ feeds: feedsOf(9, 0, 2) }, { feeds: {} }], feeds)).rejects.toThrow(/^input "x" \[2, 3\] was not fed$/)
    await expect(broken.step([], feeds)).rejects.toThrow(/^a step on no micro-batches$/)
    for (const accumulator of [broken, clean]) await accumulator.step([{ feeds: feedsOf(1, 0, 2) }], feeds)
    expect((await broken.readState())['params']).toEqual((await clean.readState())['params'])
    await Promise.all([broken.close(), clean.close()])
  })
})
