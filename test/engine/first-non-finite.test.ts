import { describe, expect, test } from 'vitest'
import {
  add, constant, div, exp, type Executor, firstNonFinite, gradients, type Graph, input, log, matmul, mul, type Node, nonFiniteText, ortExecutor, referenceExecutor, softmax, sqrt, sub, sum,
} from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'

const executors: readonly [string, Executor][] = [['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]]
const row = (...numbers: number[]): Tensor => ({ shape: [numbers.length], data: Float32Array.from(numbers) })
const lossOf = (x: Node, value: Node): Graph => ({ inputs: [x], state: [], outputs: { loss: sum(value, [0]) } })

describe.each(executors)('on %s, the first node that is not finite', (_, executor) => {
  test('is the logarithm of a negative number, with what it was taken of', async () => {
    const x = input('x', [3])
    const shifted = sub(x, 1)
    const taken = log(shifted)
    const found = await firstNonFinite(executor, lossOf(x, mul(taken, 2)), { state: {}, feeds: { x: row(2, 0.5, 4) } })
    expect(found).toMatchObject({ output: 'loss', value: { nan: 1, infinite: 0, numbers: 3, first: [1] }, inputs: [{ value: { least: -0.5, greatest: 3, nan: 0, first: null } }] })
    expect([found!.node, found!.inputs[0]!.node]).toEqual([taken, shifted])
  })

  test('is the exponential that overflows, in float32, not the difference of two infinities after it', async () => {
    const x = input('x', [2])
    const grown = exp(x)
    // e^720 is too large for float64 too, e^89 = 4.5e38 for float32
    const found = await firstNonFinite(executor, lossOf(x, sub(grown, grown)), { state: {}, feeds: { x: row(1, executor.name === 'reference' ? 720 : 89) } })
    expect([found!.node, found!.value]).toEqual([grown, { least: Math.fround(Math.E), greatest: Math.fround(Math.E), numbers: 2, nan: 0, infinite: 1, first: [1] }])
  })

  test('is 0 / 0 where a row of zeros is normalised', async () => {
    const x = input('x', [2, 2])
    const quotient = div(x, sqrt(sum(mul(x, x), [1], { keepDims: true })))
    const graph = { inputs: [x], state: [], outputs: { loss: sum(quotient, [0, 1]) } }
    const found = await firstNonFinite(executor, graph, { state: {}, feeds: { x: { shape: [2, 2], data: Float32Array.of(3, 4, 0, 0) } } })
    expect(found!.node).toBe(quotient)
    expect(found!.value).toMatchObject({ nan: 2, infinite: 0, first: [1, 0] })
    expect(found!.inputs[1]!.value).toMatchObject({ least: 0, greatest: 5 })
  })

  test('is the input that was fed NaN, or a state', async () => {
    const [x, s] = [input('x', [2, 2]), input('s', [2])]
    const graph: Graph = { inputs: [x], state: [{ input: s, next: mul(s, 1) }], outputs: { loss: sum(mul(x, s), [0, 1]) } }
    const fine = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }
    const fed = await firstNonFinite(executor, graph, { state: { s: row(1, 1) }, feeds: { x: { shape: [2, 2], data: Float32Array.of(1, 2, Number.NaN, 4) } } })
    expect([fed!.node, fed!.value.first, fed!.inputs]).toEqual([x, [1, 0], []])
    expect((await firstNonFinite(executor, graph, { state: { s: row(1, Infinity) }, feeds: { x: fine } }))!.node).toBe(s)
    expect(await firstNonFinite(executor, graph, { state: { s: row(1, 1) }, feeds: { x: fine } })).toBeNull()
  })

  test('is never the -Infinity of a mask that a softmax takes away', async () => {
    const x = input('x', [2, 2])
    const masked = add(x, constant({ shape: [2], data: Float32Array.of(0, -Infinity) }))
    const taken = log(sub(x, 1))
    const graph: Graph = { inputs: [x], state: [], outputs: { loss: sum(add(softmax(masked), taken), [0, 1]) } }
    const found = await firstNonFinite(executor, graph, { state: {}, feeds: { x: { shape: [2, 2], data: Float32Array.of(2, 2, 2, 0) } } })
    expect(found!.node).toBe(taken)
  })

  test('of a finite loss is of the backward pass, and says whose derivative', async () => {
    const x = input('x', [2])
    const loss = sum(sqrt(x), [0])
    const [derivative] = gradients(loss, [x])
    const found = await firstNonFinite(executor, { inputs: [x], state: [], outputs: { loss, norm: sum(derivative!, [0]) } }, { state: {}, feeds: { x: row(4, 0) } })
    expect([found!.output, found!.value.infinite]).toEqual(['norm', 1])
    expect(nonFiniteText(found!)).toMatch(/\(the derivative of first-non-finite\.test\.ts:\d+\) is the first of the way to norm that is not finite: 1 infinite of 2 numbers, the first at \[1\]/)
  })

  test('is the same however few values are kept at a time, and nothing but them is asked for', async () => {
    const x = input('x', [4, 4])
    let value: Node = x
    for (let layer = 0; layer < 5; layer++) value = mul(matmul(value, x), 1e9)
    const graph: Graph = { inputs: [x], state: [], outputs: { loss: sum(value, [0, 1]) } }
    const feeds = { x: { shape: [4, 4], data: new Float32Array(16).fill(1) } }
    const sizes: number[] = []
    const counting: Executor = { ...executor, compile: async (asked) => {
      sizes.push(Object.values(asked.outputs).reduce((sum, { shape }) => sum + 4 * shape.reduce((size, extent) => size * extent, 1), 0))
      return executor.compile(asked)
    } }
    const [whole, piecewise] = [await firstNonFinite(executor, graph, { state: {}, feeds }), await firstNonFinite(counting, graph, { state: {}, feeds, bytes: 128 })]
    expect(piecewise).toEqual(whole)
    expect([sizes.length > 3, Math.max(...sizes)]).toEqual([true, 128])
  })
})
