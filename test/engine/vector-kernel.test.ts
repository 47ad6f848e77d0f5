import { describe, expect, test } from 'vitest'
import { abs, add, constant, div, exp, input, maximum, minimum, mul, neg, type Node, sqrt, square, sub, where } from '../../src/engine/index.ts'
import { isComputable, sumKernels, vectorKernels } from '../../src/engine/vector-kernel.ts'
import { randomAt } from '../../src/random.ts'
import { createFixedMemory } from '../../src/wasm.ts'

const [x, y, k] = [input('x', [8]), input('y', [8]), input('k', [])]
const f = Math.fround

/** What a kernel makes of numbers, which lie one after the other in memory, 4 bytes off the places that vectors are best read from. */
function compute(results: readonly Node[], { xs, ys, scalar }: { xs: readonly number[]; ys: readonly number[]; scalar: number }): number[][] {
  const memory = createFixedMemory(65536)
  const length = xs.length
  const [kernel] = vectorKernels([{ vectors: [x, y], scalars: [k], results }], memory)
  const at = (index: number): number => 4 + 4 * length * index
  const place = (index: number, size = length): Float32Array => new Float32Array(memory.buffer, at(index), size)
  place(0).set(xs)
  place(1).set(ys)
  place(2, 1).set([scalar])
  const end = 3 + results.length
  place(end, 1).set([7])
  kernel!(length, at(0), at(1), at(2), ...results.map((_, i) => at(3 + i)))
  expect(place(end, 1)[0], 'what lies behind the last result').toBe(7)
  return results.map((_, i) => [...place(3 + i)])
}

const random = randomAt({ seed: 3 })
const drawn = (length: number): number[] => Array.from({ length }, () => f(random.normal()))

// each instruction rounds to float32 by itself: Math.fround after each is what IEEE 754 asks
describe.each([1, 3, 4, 5, 8, 17])('of %i numbers', (length) => {
  test.each<[string, Node, (a: number, b: number, c: number) => number]>([
    ['add', add(x, y), (a, b) => a + b], ['sub', sub(x, y), (a, b) => a - b], ['mul', mul(x, y), (a, b) => a * b], ['div', div(x, y), (a, b) => a / b],
    ['minimum', minimum(x, y), (a, b) => Math.min(a, b)], ['maximum', maximum(x, y), (a, b) => Math.max(a, b)], ['neg', neg(x), (a) => -a], ['abs', abs(x), (a) => Math.abs(a)],
    ['square', square(x), (a) => a * a], ['sqrt', sqrt(abs(x)), (a) => Math.sqrt(Math.abs(a))], ['a scalar', sub(k, x), (a, _, c) => c - a],
    ['a constant', mul(x, 0.1), (a) => a * f(0.1)], ['several', div(add(mul(x, k), y), add(sqrt(square(y)), 1e-8)), (a, b, c) => f(f(a * c) + b) / f(f(Math.sqrt(f(b * b))) + f(1e-8))],
    ['where', where(minimum(maximum(x, 0), 1), x, y), (a, b) => (a > 0 ? a : b)], ['where by a scalar', where(k, x, y), (a) => a],
  ])('%s', (_name, node, expected) => {
    const given = { xs: drawn(length), ys: drawn(length), scalar: f(0.7) }
    expect(compute([node], given)[0]).toEqual(given.xs.map((a, i) => f(expected(a, given.ys[i]!, given.scalar))))
  })
})

test('several results share what they have in common, and may be what is read', () => {
  const sum = add(x, y)
  expect(compute([mul(sum, 2), sum, y], { xs: [1, 2, 3, 4, 5], ys: [10, 20, 30, 40, 50], scalar: 0 })).toEqual([[22, 44, 66, 88, 110], [11, 22, 33, 44, 55], [10, 20, 30, 40, 50]])
})

// as IEEE 754-2019 minimum and maximum, and as ONNX Runtime's: what is no number stays so
test('no number is lost, and zeros have signs', () => {
  const given = { xs: [NaN, 1, -0, 0, Infinity], ys: [1, NaN, 0, -0, -Infinity], scalar: 0 }
  expect(compute([minimum(x, y), maximum(x, y), add(x, y), where(x, 1, 2)], given)).toEqual([
    [NaN, NaN, -0, -0, -Infinity], [NaN, NaN, 0, 0, Infinity], [NaN, NaN, 0, 0, NaN], [1, 1, 2, 2, 1],
  ])
})

test('expressions of the same form share a function', () => {
  const other = input('other', [8])
  const [first, second, third] = vectorKernels([
    { vectors: [x], scalars: [], results: [mul(x, 2)] }, { vectors: [other], scalars: [], results: [mul(other, 2)] }, { vectors: [x], scalars: [], results: [mul(x, 3)] },
  ], createFixedMemory(65536))
  expect(first).toBe(second)
  expect(first).not.toBe(third)
})

test('what has no instruction is not computable', () => {
  expect([add(x, 1), exp(x), constant(1), x].map(isComputable)).toEqual([true, false, false, false])
})

// by hand: 2^24 + 1 + 1 + ... has no end in float32, whose next number is 2^24 + 2
test.each([1, 2, 3, 4, 7, 8, 1000])('sums of %i numbers are added up in float64', (length) => {
  const memory = createFixedMemory(65536)
  const [kernel] = sumKernels([{ vectors: [x], scalars: [k], results: [mul(x, k), square(x)] }], memory)
  const numbers = new Float32Array(memory.buffer)
  numbers.set([2 ** 24, ...Array.from({ length: length - 1 }, () => 1)], 8)
  numbers[0] = 2
  kernel!(length, 32, 0, 4, 8)
  expect([numbers[1], numbers[2]]).toEqual([f(2 ** 25 + 2 * (length - 1)), f(2 ** 48 + length - 1)])
})
