import { describe, expect, test } from 'vitest'
import { add, constant, exp, gradients, input, matmul, memoryPlan, mul, relu, reshape, sum } from '../../src/engine/index.ts'

const kept = 4 * (100 + 1) // x and the output

describe('the memory of a run', () => {
  test('holds feeds and outputs from beginning to end, and at most two values of a chain', () => {
    const x = input('x', [100])
    const y = sum(relu(exp(relu(exp(x)))), [0])
    expect(memoryPlan({ inputs: [x], state: [], outputs: { y } })).toMatchObject({ peakBytes: kept + 800, heldBytes: kept })
  })

  test('keeps what is read later', () => {
    const x = input('x', [100])
    const early = exp(x)
    const y = sum(add(relu(exp(relu(early))), early), [0])
    expect(memoryPlan({ inputs: [x], state: [], outputs: { y } }).peakBytes).toBe(kept + 1200)
  })

  test('gives a view no memory, and keeps what it looks at', () => {
    const x = input('x', [100])
    const y = sum(reshape(exp(x), [10, 10]), [0, 1])
    expect(memoryPlan({ inputs: [x], state: [], outputs: { y } }).peakBytes).toBe(kept + 400)
  })

  test('counts equal nodes once, and an input that nobody reads', () => {
    const [x, unread] = [input('x', [100]), input('unread', [7])]
    const y = sum(mul(exp(x), exp(x)), [0])
    expect(memoryPlan({ inputs: [x, unread], state: [], outputs: { y } }).peakBytes).toBe(kept + 28 + 800)
  })

  test('has states twice, before and after the run, and constants once', () => {
    const s = input('s', [50])
    const next = add(s, constant({ shape: [50], data: new Float32Array(50) }))
    expect(memoryPlan({ inputs: [], state: [{ input: s, next }], outputs: {} })).toMatchObject({ peakBytes: 600, heldBytes: 600 })
  })

  test('of an output that is an input is that of both', () => {
    const x = input('x', [100])
    expect(memoryPlan({ inputs: [x], state: [], outputs: { y: reshape(x, [10, 10]) } }).peakBytes).toBe(800)
  })

  test('tells the ten largest at the peak with the lines that made them, derivatives by the line of what they are of', () => {
    const [x, w] = [input('x', [300, 20]), input('w', [20, 40])]
    const product = matmul(x, w)
    const hidden = exp(product)
    const loss = sum(mul(hidden, hidden), [0, 1])
    const [derivative] = gradients(loss, [w])
    const { largest } = memoryPlan({ inputs: [x, w], state: [], outputs: { derivative: derivative! } })
    const made = (node: { madeAt: () => string }): string => `the derivative of ${node.madeAt()}`
    expect(largest.slice(0, 2).every(({ bytes, shape }) => bytes === 48_000 && shape.join() === '300,40')).toBe(true)
    expect(largest.map(({ madeAt }) => madeAt)).toContain(made(loss))
    expect(largest).toContainEqual({ bytes: 24_000, shape: [300, 20], what: 'input "x"', madeAt: x.madeAt() })
  })

  test('of a graph without nodes is nothing', () => {
    expect(memoryPlan({ inputs: [], state: [], outputs: {} })).toEqual({ peakBytes: 0, heldBytes: 0, largest: [] })
  })
})
