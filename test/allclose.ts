import { expect } from 'vitest'

/** `expect(actual).toBeAllclose(expected, { atol, rtol })`: numbers or (typed) arrays of them, as numpy's allclose; NaN equals NaN. */
expect.extend({
  toBeAllclose(actual: unknown, expected: unknown, { atol = 1e-8, rtol = 1e-5 }: { atol?: number; rtol?: number } = {}) {
    const a = numbers(actual)
    const b = numbers(expected)
    const worst = a.findIndex((x, i) => !(Object.is(x, b[i]) || x === b[i] || Math.abs(x - b[i]!) <= atol + rtol * Math.abs(b[i]!)))
    const pass = a.length === b.length && worst === -1
    return {
      pass,
      message: () => a.length === b.length ? `element ${worst}: ${a[worst]} is not close to ${b[worst]} (atol ${atol}, rtol ${rtol})` : `${a.length} numbers, expected ${b.length}`,
    }
  },
})

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<number>)
  if (Array.isArray(value)) return value.flatMap(numbers)
  throw new TypeError(`not numbers: ${String(value)}`)
}

declare module 'vitest' {
  // oxlint-disable-next-line no-unused-vars -- the type parameter must repeat vitest's
  interface Matchers<T> {
    toBeAllclose(expected: unknown, tolerance?: { atol?: number; rtol?: number }): void
  }
}
