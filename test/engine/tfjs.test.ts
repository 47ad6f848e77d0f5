import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { add, clamp, input, matmul, maximum, minimum, mul, type Node, tfjsExecutor } from '../../src/engine/index.ts'
import { makeNode } from '../../src/engine/graph.ts'
import type { Tensor } from '../../src/tensor.ts'
import { checkExecutor } from './check-executor.ts'

// every operation on other backends: executors.soak.ts
describe('tfjs on the CPU', () => { checkExecutor(tfjsExecutor({ backend: 'cpu' })) })

describe.each(['cpu', 'wasm'] as const)('tfjs on %s', (backend) => {
  const executor = tfjsExecutor({ backend })

  test('keeps what is no number, and repeats along seven axes', async () => {
    const answers = async (y: Node, feeds: Record<string, Tensor>) => {
      const program = await executor.compile({ inputs: [...y.inputs], state: [], outputs: { y } })
      const { data } = (await program.run(feeds))['y']!
      await program.close()
      return Array.from(data)
    }
    const of = (...values: number[]): Tensor => ({ shape: [values.length], data: Float32Array.from(values) })
    const [a, b] = [input('a', [4]), input('b', [4])]
    const feeds = { a: of(NaN, 1, 2, Infinity), b: of(1, NaN, 3, 4) }
    expect(await answers(minimum(a, b), feeds)).toEqual([NaN, NaN, 2, 4])
    expect(await answers(maximum(a, b), feeds)).toEqual([NaN, NaN, 3, Infinity])
    expect(await answers(clamp(a, 0, 2), { a: of(NaN, -1, 1, 3) })).toEqual([NaN, 0, 1, 2])
    const [p, q] = [input('p', [2, 1, 1, 1, 1, 1, 2]), input('q', [1, 2, 1, 1, 1, 1, 1])]
    expect(await answers(add(p, q), { p: { ...of(1, 2, 3, 4), shape: p.shape }, q: { ...of(10, 20), shape: q.shape } })).toEqual([11, 12, 21, 22, 13, 14, 23, 24])
  })

  test('keeps no tensor beside its states, and none after it is closed', async () => {
    const before = tf.memory().numTensors
    const [x, s] = [input('x', [2, 2]), input('s', [2, 2])]
    const next = add(mul(s, 0.5), matmul(x, s))
    const program = await executor.compile({ inputs: [x], state: [{ input: s, next }], outputs: { y: mul(next, 3), same: x } })
    const counts: number[] = []
    for (let run = 0; run < 4; run++) {
      await program.run({ x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } })
      counts.push(tf.memory().numTensors)
    }
    await program.readState()
    await program.close()
    expect([new Set(counts).size, tf.memory().numTensors - before]).toEqual([1, 0])
  })
})

const cosh = (type: string) => makeNode({ ...mul(1, 1).operation, name: 'cosh', lower: (_, inputs, output, onnx) => onnx.node(type, inputs, [output]) }, [input('x', [2])], [2])

test('names an operator that tfjs does not compute', async () => {
  const y = cosh('Cosh')
  await expect(tfjsExecutor({ backend: 'cpu' }).compile({ inputs: [...y.inputs], state: [], outputs: { y } })).rejects.toMatchObject({
    code: 'E_DEVICE_OPERATION', message: 'tfjs computes no cosh (Cosh)', hint: 'run it on another device, such as cpu or tfjs:cpu' })
})

test('names a kernel that a backend lacks', async () => {
  const y = cosh('Sin')
  const kernel = tf.getKernel('Sin', 'wasm')!
  tf.unregisterKernel('Sin', 'wasm')
  try {
    const program = await tfjsExecutor({ backend: 'wasm' }).compile({ inputs: [...y.inputs], state: [], outputs: { y } })
    await expect(program.run({ x: { shape: [2], data: Float32Array.of(1, 2) } })).rejects.toMatchObject({
      code: 'E_DEVICE_OPERATION', message: 'tfjs\'s backend "wasm" has no kernel Sin, which cosh (Sin) needs' })
    await program.close()
  } finally {
    tf.registerKernel(kernel)
  }
})

test('runs on a module that is handed in', async () => {
  const x = input('x', [2])
  const program = await tfjsExecutor({ tf, name: 'cpu' }).compile({ inputs: [x], state: [], outputs: { y: mul(x, 2) } })
  expect((await program.run({ x: { shape: [2], data: Float32Array.of(1, 2) } }))['y']!.data).toEqual(Float32Array.of(2, 4))
})
