import { expect, test } from 'vitest'
import { composed, identity, inverted } from '../src/affine.ts'

const turn = { xx: 0, xy: -1, yx: 1, yy: 0, dx: 3, dy: 4 }
const grow = { xx: 2, xy: 0, yx: 0, yy: 5, dx: -1, dy: 7 }

test('does the first map, then the second', () => {
  // (x, y) -> (3 - y, 4 + x) -> (2 (3 - y) - 1, 5 (4 + x) + 7)
  expect(composed(turn, grow)).toEqual({ xx: 0, xy: -2, yx: 5, yy: 0, dx: 5, dy: 27 })
})

test('is undone by its inverse', () => {
  const undone = composed(grow, inverted(grow))
  for (const key of ['xx', 'xy', 'yx', 'yy', 'dx', 'dy'] as const) expect(undone[key]).toBeCloseTo(identity[key], 12)
})

test('a map onto a line has no inverse', () => {
  expect(() => inverted({ ...grow, yy: 0 })).toThrow('a map that flattens the plane has no inverse')
})
