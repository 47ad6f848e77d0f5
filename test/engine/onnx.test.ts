import { describe, expect, test } from 'vitest'
import { add, clamp, constant, div, encodeOnnx, exp, flatParameters, gelu, input, layerNorm, matmul, mul, ortExecutor, relu, square, sub, sum, trainingGraph } from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'
import { ProtobufWriter } from '../../src/engine/protobuf.ts'
import { shareCommonNodes } from '../../src/engine/simplify.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { pythonWith, runPython } from '../python.ts'

const python = pythonWith('onnx', 'numpy')

/** A training step of x W through most kinds of nodes. */
function example() {
  const parameters = [{ name: 'w', shape: [3, 4], decay: true }, { name: 'gain', shape: [4], decay: false }, { name: 'bias', shape: [4], decay: false }]
  const { flat, params } = flatParameters(parameters)
  const x = input('x', [2, 3])
  const loss = sum(square(gelu(layerNorm(matmul(x, params['w']!), params['gain']!, params['bias']!))), [0, 1])
  return trainingGraph({ loss, inputs: [x], parameters, flat, params, optimiser: { kind: 'adamw' }, clipNorm: 1 })
}

// by hand, after the examples of the encoding guide: 150 = 96 01; text; -1 in ten bytes; 1.0
test('writes the wire format', () => {
  const bytes = new ProtobufWriter().integer(1, 150).bytes(2, 'testing').integer(3, -1).float(4, 1).bytes(5, new ProtobufWriter().integer(1, 1)).finish()
  expect(Buffer.from(bytes).toString('hex')).toBe('089601120774657374696e6718ffffffffffffffffff01250000803f2a020801')
})

test('the same graph is the same bytes', () => {
  expect(encodeOnnx(example())).toEqual(encodeOnnx(example()))
})

test('names that are given are free to be anything but those that are taken', async () => {
  const [v0, t0, c0] = [input('v0', [2]), input('t0', [2]), input('c0', [2])]
  const program = await ortExecutor({ device: 'cpu' }).compile({ inputs: [v0, t0, c0], state: [], outputs: { v1: relu(sub(v0, add(t0, c0))), t1: relu(sub(v0, add(t0, c0))) } })
  const of = (...data: number[]): Tensor => ({ shape: [2], data: Float32Array.from(data) })
  expect(await program.run({ v0: of(5, 6), t0: of(1, 2), c0: of(1, 9) })).toEqual({ v1: of(3, 0), t1: of(3, 0) })
  await program.close()
})

test('0 and -0 stay two constants', async () => {
  const x = input('x', [1])
  const program = await ortExecutor({ device: 'cpu' }).compile({ inputs: [x], state: [], outputs: { y: div(1, add(x, 0)), z: div(1, add(x, -0)) } })
  const { y, z } = await program.run({ x: { shape: [1], data: Float32Array.of(-0) } })
  expect([y!.data[0], z!.data[0]]).toEqual([Infinity, -Infinity])
  await program.close()
})

// ONNX Runtime 1.30 makes c / x of both, and lost c behind an Identity
test('a constant that multiplies two reciprocals is there for both', async () => {
  const [x, c] = [input('x', [2]), constant(3)]
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x], state: [], outputs: { y: add(mul(div(1, x), c), mul(div(1, add(x, 1)), c)) } })
  const { y } = await program.run({ x: { shape: [2], data: Float32Array.of(1, 2) } })
  await program.close()
  expect([...y!.data]).toEqual([4.5, 2.5])
})

test('what two branches compute alike is computed once', () => {
  const x = input('x', [2])
  const { outputs } = shareCommonNodes({ inputs: [x], state: [], outputs: { y: mul(exp(x), exp(x)) } })
  expect(topologicalOrder(Object.values(outputs)).map(({ operation }) => operation.name)).toEqual(['input', 'exp', 'mul'])
})

test('what differs in an infinity is not computed once', () => {
  const x = input('x', [2])
  const { outputs } = shareCommonNodes({ inputs: [x], state: [], outputs: { y: clamp(x, -Infinity, Infinity), z: clamp(x, Infinity, Infinity) } })
  expect(outputs['y']).not.toBe(outputs['z'])
})

describe.skipIf(python === null)('Python\'s onnx', () => {
  test('finds the model of a training step valid, with its inputs and outputs', () => {
    const script = 'import sys, onnx\nm = onnx.load_model_from_string(sys.stdin.buffer.read())\nonnx.checker.check_model(m, full_check=True)\nprint([i.name for i in m.graph.input], [o.name for o in m.graph.output])'
    expect(runPython(python!, script, encodeOnnx(example())).trim())
      .toBe("['x', 'rate', 'correction1', 'correction2', 'params', 'm', 'v'] ['loss', 'gradientNorm', 'next:params', 'next:m', 'next:v']")
  })
})
