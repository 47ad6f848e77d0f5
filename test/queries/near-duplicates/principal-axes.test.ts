import { expect, test } from 'vitest'
import { principalAxes } from '../../../src/queries/near-duplicates/principal-axes.ts'

test('points along a line and a little aside: the line first, then what is square to it', () => {
  const points = Float32Array.of(3, 4, -3, -4, 6, 8, -6, -8, 0.4, -0.3, -0.4, 0.3)
  const [first, second] = principalAxes(points, 2, 5) as [Float64Array, Float64Array]
  expect([...first]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)])
  expect(Math.abs(second[0]! * 0.8 - second[1]! * 0.6)).toBeCloseTo(1)
})

test('where points do not spread any more there is no axis', () => {
  expect(principalAxes(Float32Array.of(1, 0, 0, -1, 0, 0), 3, 3).map((axis) => Math.hypot(...axis))).toEqual([expect.closeTo(1), expect.closeTo(1), 0])
  expect(principalAxes(Float32Array.of(1, 0, 1, 0), 2, 3).map((axis) => Math.hypot(...axis))).toEqual([expect.closeTo(1), 0])
})
