import { describe, expect, test } from 'vitest'
import { circle, exp, ln } from '../src/elementary.ts'
import { randomAt } from '../src/random.ts'

const random = randomAt({ seed: 4 })
const points = Array.from({ length: 20_000 }, random.uniform)

describe('the pinned functions stay near those of Math', () => {
  test('ln within 2.3e-16 max(1, |ln x|)', () => {
    for (const u of points) {
      const x = (1 - u) * 2 ** Math.round(40 * u - 20)
      expect(Math.abs(ln(x) - Math.log(x)) / Math.max(1, Math.abs(Math.log(x)))).toBeLessThan(2.3e-16)
    }
    expect([ln(1), ln(2), ln(2 ** -24)]).toBeAllclose([0, Math.LN2, -24 * Math.LN2], { atol: 0, rtol: 2e-16 })
  })
  test('cos and sin within the rounding of the argument, exact at the quarters', () => {
    for (const u of points) {
      const { cos, sin } = circle(u)
      expect(Math.abs(cos - Math.cos(2 * Math.PI * u))).toBeLessThan(9e-16)
      expect(Math.abs(sin - Math.sin(2 * Math.PI * u))).toBeLessThan(9e-16)
      expect(Math.abs(cos * cos + sin * sin - 1)).toBeLessThan(5e-16)
    }
    expect([0, 0.25, 0.5, 0.75, -0.25].map((turns) => circle(turns))).toEqual(
      [{ cos: 1, sin: 0 }, { cos: -0, sin: 1 }, { cos: -1, sin: -0 }, { cos: 0, sin: -1 }, { cos: 0, sin: -1 }])
  })
  test('exp within 5e-16 of the value', () => {
    for (const u of points) expect(Math.abs(exp(200 * u - 100) / Math.exp(200 * u - 100) - 1)).toBeLessThan(5e-16)
    expect([exp(0), exp(1), exp(-700)]).toBeAllclose([1, Math.E, Math.exp(-700)], { atol: 0, rtol: 5e-16 })
  })
})
