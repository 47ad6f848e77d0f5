import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  add, conv1d, evaluate, type Executor, firstNonFinite, flatParameters, gelu, input, inFloat16, layerNorm, logSoftmax, matmul, mean, memoryPlan, mul, neg, type Node, nonFiniteText, optimiserFeeds, ortExecutor, recompute,
  referenceExecutor, relu, roundToHalf, softmax, sum, tfjsExecutor, trainingGraph, type TrainingGraphOptions, transpose,
} from '../../src/engine/index.ts'
import { type Graph, topologicalOrder } from '../../src/engine/graph.ts'
import { outputsOf } from '../../src/engine/onnx.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'

const recorded = JSON.parse(readFileSync(`${import.meta.dirname}/../fixtures/torch/half.json`, 'utf8')) as {
  numpy: string; torch: string; rounded: readonly (readonly [number, number | string])[]; losses: readonly number[]
}

const tensor = (shape: readonly number[], of: (i: number) => number): Tensor => ({ shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => of(i)) })
const executors: readonly [string, Executor][] = [['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]]

describe('rounding to float16', () => {
  // bench/peers/half_reference.py: middles between neighbours, numbers next to them, the ends of the range
  test(`is that of numpy ${recorded.numpy}`, () => {
    for (const [x, rounded] of recorded.rounded) expect([roundToHalf(x), roundToHalf(-x)]).toEqual([Number(rounded), -Number(rounded)])
  })
  test('keeps NaN, infinities and both zeros', () => {
    expect([Number.NaN, Infinity, -Infinity, 0, -0].map(roundToHalf)).toEqual([Number.NaN, Infinity, -Infinity, 0, -0])
  })
})

/** The problem of bench/peers/half_reference.py. */
function network(options: Partial<TrainingGraphOptions>) {
  const parameters = [{ name: 'up', shape: [6, 8], decay: true }, { name: 'down', shape: [8, 3], decay: true }]
  const { flat, params } = flatParameters(parameters)
  const [x, target] = [input('x', [4, 6]), input('target', [4, 3])]
  const scores = matmul(relu(matmul(x, params['up']!)), params['down']!)
  const loss = neg(mean(sum(mul(logSoftmax(scores), target), [1]), [0]))
  return trainingGraph({ loss, inputs: [x, target], parameters, flat, params, optimiser: { kind: 'sgd' }, outputs: { scores }, ...options })
}

const feeds = {
  x: tensor([4, 6], (i) => Math.sin(i * 0.7)), target: tensor([4, 3], (i) => Number([0, 2, 1, 2][Math.floor(i / 3)] === i % 3)),
  ...optimiserFeeds(0.5, 1, { kind: 'sgd' }),
}
const start = Float32Array.from({ length: 72 }, (_, i) => (i < 48 ? Math.cos(i * 0.9) * 0.4 : Math.sin((i - 48) * 1.3) * 0.5))

async function losses(executor: Executor, options: Partial<TrainingGraphOptions>): Promise<number[]> {
  const graph = network(options)
  const program = await executor.compile(graph)
  await program.writeState(graph.start(start))
  const seen: number[] = []
  for (let step = 0; step < 8; step++) seen.push((await program.run(feeds))['loss']!.data[0]!)
  await program.close()
  return seen
}

describe.each(executors)('training in float16 on %s', (_, executor) => {
  test('follows float32, and PyTorch under autocast, as near as its roundings', async () => {
    const [half, single] = [await losses(executor, { precision: 'float16' }), await losses(executor, {})]
    expect(half).not.toEqual(single)
    expect(half).toBeAllclose(single, { rtol: 0, atol: 2e-3 })
    expect(half).toBeAllclose(recorded.losses, { rtol: 0, atol: 2e-3 })
    expect(half.at(-1)).toBeLessThan(half[0]! / 1.5)
  })

  test('finds the scale that it can go on with, and moves nothing before', async () => {
    const graph = network({ precision: 'float16', lossScale: { start: 2 ** 24 } })
    const program = await executor.compile(graph)
    await program.writeState(graph.start(start))
    const first = await program.run(feeds)
    expect([first['skipped']!.data[0], first['lossScale']!.data[0]]).toEqual([1, 2 ** 23])
    expect((await program.readState())['params']!.data).toEqual(start)
    for (let step = 0; step < 12; step++) await program.run(feeds)
    const { skipped, lossScale } = await program.run(feeds)
    expect(skipped!.data[0]).toBeLessThan(12)
    expect(lossScale!.data[0]).toBe(2 ** (24 - skipped!.data[0]!))
    expect((await program.readState())['params']!.data).not.toEqual(start)
    await program.close()
  })

  test('keeps parameters in float32: they move by less than float16 can tell', async () => {
    const graph = network({ precision: 'float16' })
    const program = await executor.compile(graph)
    await program.writeState(graph.start(start))
    await program.run({ ...feeds, ...optimiserFeeds(1e-5, 1, { kind: 'sgd' }) })
    const moved = (await program.readState())['params']!.data.map((x, i) => x - start[i]!)
    const rounded = moved.filter((by, i) => by !== 0 && roundToHalf(start[i]! + by) === roundToHalf(start[i]!))
    expect(rounded.length).toBeGreaterThan(30)
    await program.close()
  })
})

describe('a graph in float16', () => {
  const kinds = (graph: Graph): Map<string, Set<boolean>> => {
    const found = new Map<string, Set<boolean>>()
    for (const { operation } of topologicalOrder(Object.values(outputsOf(graph)))) {
      const name = operation.name.replace(' in float16', '')
      found.set(name, (found.get(name) ?? new Set()).add(operation.isHalf === true))
    }
    return found
  }
  const block = (x: Node, w: Node, gain: Node, bias: Node): Node => {
    const normed = layerNorm(x, gain, bias)
    return add(x, gelu(add(matmul(matmul(softmax(matmul(normed, transpose(normed, [0, 2, 1]))), normed), w), bias)))
  }
  const [x, w, gain, bias] = [input('x', [2, 16, 8]), input('w', [8, 8]), input('gain', [8]), input('bias', [8])]
  const forward: Graph = { inputs: [x, w, gain, bias], state: [], outputs: { y: block(matmul(x, w), w, gain, bias) } }
  const fed = { x: tensor([2, 16, 8], (i) => Math.sin(i)), w: tensor([8, 8], (i) => Math.cos(i * 1.7)), gain: tensor([8], () => 1), bias: tensor([8], (i) => i / 10) }

  test('has products in it, and what follows them; norms and softmax in float32; float32 at its borders', () => {
    const graph = inFloat16(forward, [w, gain, bias])
    const found = kinds(graph)
    expect(['matmul', 'gelu', 'add'].map((name) => found.get(name)!.has(true))).toEqual([true, true, true])
    expect([...found.get('matmul')!]).toEqual([true])
    expect(['softmax', 'normalise', 'input', 'toFloat32'].map((name) => [...found.get(name)!])).toEqual([[false], [false], [false], [false]])
    expect(graph.outputs['y']!.operation.isHalf).toBeUndefined()
    expect(memoryPlan(graph).peakBytes).toBeLessThan(memoryPlan(forward).peakBytes)
  })

  test('computes what it computes in float32, to three digits, alike on both executors', async () => {
    const graph = inFloat16(forward, [w, gain, bias])
    const outputs: Tensor[] = []
    for (const [, executor] of executors) {
      const program = await executor.compile(graph)
      outputs.push((await program.run(fed))['y']!)
      await program.close()
    }
    const [exact] = evaluate([forward.outputs['y']!], Object.fromEntries(Object.entries(fed).map(([name, { data }]) => [name, data])))
    for (const { data } of outputs) expect(data).toBeAllclose(exact, { rtol: 1e-2, atol: 2e-2 })
    expect(outputs[0]!.data.every((y) => y === roundToHalf(y))).toBe(true)
  })

  test('adds what is fed in float32, so that a mask of -1e9 hides and does not make NaN', async () => {
    const [scores, v, mask] = [input('scores', [2, 3]), input('v', [3, 3]), input('mask', [2, 3])]
    const graph = inFloat16({ inputs: [scores, v, mask], state: [], outputs: { y: softmax(add(matmul(scores, v), mask)) } }, [])
    for (const [, executor] of executors) {
      const program = await executor.compile(graph)
      const { y } = await program.run({ scores: tensor([2, 3], (i) => i), v: tensor([3, 3], (i) => Number(i % 4 === 0)), mask: tensor([2, 3], (i) => (i < 3 ? -1e9 : i === 4 ? 0 : -1e9)) })
      expect([...y!.data.subarray(3)]).toEqual([0, 1, 0])
      expect(y!.data.subarray(0, 3).reduce((all, one) => all + one, 0)).toBeCloseTo(1, 5)
      await program.close()
    }
  })

  // by hand: of 1, 2, 3 with taps 1, 2^-11: 2 + 3 / 2048 lies between two neighbours that are 1 / 512 apart
  test('convolves in it', async () => {
    const [signal, taps] = [input('signal', [1, 1, 3]), input('taps', [1, 1, 2])]
    const graph = inFloat16({ inputs: [signal, taps], state: [], outputs: { y: mul(conv1d(signal, taps, {}), 1) } }, [taps])
    expect([...kinds(graph).get('conv')!]).toEqual([true])
    const own = { signal: tensor([1, 1, 3], (i) => i + 1), taps: tensor([1, 1, 2], (i) => [1, 2 ** -11][i]!) }
    const [exact, ort] = [await referenceExecutor().compile(graph), await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph)]
    expect([...(await exact.run(own))['y']!.data]).toEqual([1 + 2 ** -10, 2 + 2 ** -9])
    expect((await ort.run(own))['y']!.data).toBeAllclose([1 + 2 ** -10, 2 + 2 ** -9], { rtol: 1e-3 })
    await ort.close()
  })

  test('that is not finite is told with the first node of it', async () => {
    const graph = inFloat16({ inputs: [x], state: [], outputs: { y: sum(matmul(relu(matmul(x, transpose(x, [0, 2, 1]))), x), [0, 1, 2]) } }, [])
    const found = await firstNonFinite(referenceExecutor(), graph, { state: {}, feeds: { x: tensor([2, 16, 8], () => 200) } })
    expect(nonFiniteText(found!)).toMatch(/^matmul in float16 \[2, 16, 16\] .* is the first/)
  })

  // on processors ONNX Runtime rounds where its casts stand, which the cuts of a segment move
  test.each([['reference', referenceExecutor(), 0], ['ONNX Runtime', executors[1]![1], 2e-3]] as const)('computes blocks again as it computes them, on %s', async (_, executor, atol) => {
    const graphOf = (wrap: (make: (y: Node) => Node, y: Node) => Node) => {
      const parameters = [{ name: 'w', shape: [8, 8], decay: true }, { name: 'gain', shape: [8], decay: false }, { name: 'bias', shape: [8], decay: false }]
      const { flat, params } = flatParameters(parameters)
      const seen = wrap((y) => block(y, params['w']!, params['gain']!, params['bias']!), wrap((y) => block(y, params['w']!, params['gain']!, params['bias']!), x))
      return trainingGraph({ loss: mean(mul(seen, seen), [0, 1, 2]), inputs: [x], parameters, flat, params, optimiser: { kind: 'sgd' }, precision: 'float16', lossScale: { start: 16 } })
    }
    const states: Record<string, Tensor>[] = []
    for (const graph of [graphOf((make, y) => make(y)), graphOf((make, y) => recompute((z) => make(z!), y))]) {
      const program = await executor.compile(graph)
      await program.writeState(graph.start(Float32Array.from({ length: 80 }, (_, i) => (i >= 64 && i < 72 ? 1 : Math.sin(i)))))
      for (let step = 1; step <= 2; step++) await program.run({ x: fed.x, ...optimiserFeeds(0.01, step, { kind: 'sgd' }) })
      states.push(await program.readState())
      await program.close()
    }
    expect(states.map((state) => state['scale.skipped']!.data[0])).toEqual([0, 0])
    expect(states[1]!['params']!.data).toBeAllclose(states[0]!['params']!.data, { rtol: 0, atol })
  })

  test('is refused where float16 is not', async () => {
    const executor = tfjsExecutor({ backend: 'cpu' } as Parameters<typeof tfjsExecutor>[0])
    await expect(executor.compile(inFloat16(forward, []))).rejects.toThrow(expect.objectContaining({ code: 'E_DEVICE_OPERATION', message: 'tfjs has no float16' }))
  })
})
