import { describe, expect, test } from 'vitest'
import { patchPositions, positions } from '../../../src/models/blocks/sinusoidal-position.ts'

const mask = { shape: [2, 4], data: Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0) }
const options = { rule: 'index', length: 4, width: 4 } as const

const at = (t: number) => [Math.sin(t), Math.cos(t), Math.sin(t / 100), Math.cos(t / 100)]

describe('positions', () => {
  // by hand: sin t, cos t, sin t / 100, cos t / 100
  test('are sine and cosine at 10000^(-2k / d), counted within the view, 0 in the padding', () => {
    const { shape, data } = positions(mask, options)
    expect(shape).toEqual([2, 4, 4])
    expect(data).toBeAllclose([...[0, 1, 2, 3].flatMap(at), ...[0, 1].flatMap(at), 0, 0, 0, 0, 0, 0, 0, 0], { atol: 1e-7 })
  })
  test('rescaled: a view longer than the length runs from 0 to length - 1, a shorter one as it is', () => {
    const { data } = positions(mask, { ...options, rule: 'rescaled', length: 3 })
    const sines = [0, 1, 2, 3, 4, 5].map((t) => data[t * 4]!)
    expect(sines).toBeAllclose([0, 2 / 3, 4 / 3, 2, 0, 1].map(Math.sin), { atol: 1e-7 })
  })
  test('start: each view counts from its own number', () => {
    const { data } = positions(mask, { ...options, start: { shape: [2], data: Float32Array.of(5, 0) } })
    expect([0, 1, 2, 3, 4, 5].map((t) => data[t * 4]!)).toBeAllclose([5, 6, 7, 8, 0, 1].map(Math.sin), { atol: 1e-6 })
  })
  test('of a square of patches: a row and a column each, nothing for the class token', () => {
    const { shape, data } = patchPositions(2, 4)
    expect(shape).toEqual([5, 4])
    const [s, c] = [Math.sin(1), Math.cos(1)]
    expect(data).toBeAllclose([0, 0, 0, 0, 0, 1, 0, 1, 0, 1, s, c, s, c, 0, 1, s, c, s, c], { atol: 1e-7 })
  })
  test('none: zeros', () => {
    expect(positions(mask, { ...options, rule: 'none' }).data.some((x) => x !== 0)).toBe(false)
  })
})
