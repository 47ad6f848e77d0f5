import { describe, expect, test } from 'vitest'
import {
  accumulationGraphs, accumulatorOf, div, type Executor, flatParameters, input, type LossScaleOptions, mean, mul, type Optimiser, optimiserFeeds, ortExecutor, referenceExecutor, square, sub,
  trainingGraph,
} from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'

const optimiser: Optimiser = { kind: 'adamw', weightDecay: 0.1 }
const parameters = [{ name: 'w', shape: [3], decay: true }]
const start = Float32Array.of(0.5, -0.25, 0.125)

/** mean((w x - 1)^2) / by: the derivative is not finite where `by` is 0 or NaN. */
function options(lossScale?: LossScaleOptions) {
  const { flat, params } = flatParameters(parameters)
  const [x, by] = [input('x', [3]), input('by', [])]
  return {
    loss: div(mean(square(sub(mul(params['w']!, x), 1)), [0]), by), inputs: [x, by], parameters, flat, params, optimiser, clipNorm: 0.5, average: true,
    ...(lossScale === undefined ? {} : { lossScale }),
  }
}

const batchOf = (by: number): Record<string, Tensor> => ({ x: { shape: [3], data: Float32Array.of(1, 2, 3) }, by: { shape: [], data: Float32Array.of(by) } })
const feedsOf = (by: number): Record<string, Tensor> => ({ ...batchOf(by), averageDecay: { shape: [], data: Float32Array.of(0.5) } })

describe.each<[string, Executor]>([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('a loss scale on %s', (_, executor) => {
  // by hand, after torch.amp.GradScaler: halved and 0 steps counted at an overflow, doubled when 2 good steps in a row are done
  test('shrinks at an overflow, grows after good steps, and counts what it skips', async () => {
    const graph = trainingGraph(options({ start: 8, every: 2 }))
    const program = await executor.compile(graph)
    await program.writeState(graph.start(start))
    const seen: number[][] = []
    for (const by of [1, 0, Number.NaN, 1, 1, 1, 0, 1, 1]) {
      const { lossScale, skipped } = await program.run({ ...feedsOf(by), ...optimiserFeeds(0.1, 1, optimiser) })
      seen.push([lossScale!.data[0]!, skipped!.data[0]!])
    }
    expect(seen).toEqual([[8, 0], [4, 1], [2, 2], [2, 2], [4, 2], [4, 2], [2, 3], [2, 3], [4, 3]])
    await program.close()
  })

  test('skips the update of parameters and states, bit for bit, and takes the other steps as without it', async () => {
    const [graph, plain] = [trainingGraph(options({ start: 1024 })), trainingGraph(options())]
    const [program, expected] = [await executor.compile(graph), await executor.compile(plain)]
    await program.writeState(graph.start(start))
    await expected.writeState(plain.start(start))
    let skipped = 0
    const kept: boolean[] = []
    for (const [done, by] of [1, 2, 0, 1, Infinity, Number.NaN, 3].entries()) {
      const before = await program.readState()
      skipped = (await program.run({ ...feedsOf(by), ...optimiserFeeds(0.1, done + 1 - skipped, optimiser) }))['skipped']!.data[0]!
      const after = await program.readState()
      kept.push(['params', 'm', 'v'].every((name) => after[name]!.data.every((number, i) => Object.is(number, before[name]!.data[i]))))
      if (by !== 0 && !Number.isNaN(by)) await expected.run({ ...feedsOf(by), ...optimiserFeeds(0.1, done + 1 - skipped, optimiser) })
    }
    expect(kept).toEqual([false, false, true, false, false, true, false])
    expect(skipped).toBe(2)
    const [found, without] = [await program.readState(), await expected.readState()]
    for (const name of ['params', 'm', 'v']) expect(found[name]!.data).toBeAllclose(without[name]!.data, { rtol: 1e-5, atol: 1e-7 })
    await Promise.all([program.close(), expected.close()])
  })

  test('skips a step of which one micro-batch overflows', async () => {
    const graphs = accumulationGraphs(options({ start: 16 }))
    const accumulator = await accumulatorOf(executor, graphs)
    await accumulator.writeState(graphs.apply.start(start))
    const feeds = { ...optimiserFeeds(0.1, 1, optimiser), averageDecay: feedsOf(1)['averageDecay']! }
    const { outputs } = await accumulator.step([{ feeds: batchOf(1) }, { feeds: batchOf(0) }], feeds)
    expect([outputs['lossScale']!.data[0], outputs['skipped']!.data[0], ...(await accumulator.readState())['params']!.data]).toEqual([8, 1, ...start])
    const good = await accumulator.step([{ feeds: batchOf(1) }, { feeds: batchOf(1) }], feeds)
    expect(good.outputs['skipped']!.data[0]).toBe(1)
    // the mean of ((1 / 2 - 1), (-1 / 2 - 1), (3 / 8 - 1)) squared; its derivative 2 / 3 x (-1 / 2, -3, -15 / 8)
    expect(good.outputs['loss']!.data[0]).toBeCloseTo((0.25 + 2.25 + 0.390625) / 3, 6)
    expect(good.outputs['gradientNorm']!.data[0]).toBeCloseTo((2 / 3) * Math.hypot(0.5, 3, 1.875), 5)
    await accumulator.close()
  })
})

test.each<[string, LossScaleOptions]>([
  ['a loss scale with start 0, growth 2 every 2000 steps and backoff 0.5', { start: 0 }],
  ['a loss scale with start 65536, growth 1 every 2000 steps and backoff 0.5', { growth: 1 }],
  ['a loss scale with start 65536, growth 2 every 0.5 steps and backoff 0.5', { every: 0.5 }],
  ['a loss scale with start 65536, growth 2 every 2000 steps and backoff 2', { backoff: 2 }],
])('refuses %s', (message, lossScale) => {
  expect(() => trainingGraph(options(lossScale))).toThrow(expect.objectContaining({ code: 'E_OPTIMISER', message }))
})
