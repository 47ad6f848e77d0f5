import { expect, test } from 'vitest'
import {
  abs, acos, and, atan, atan2, ceil, clamp, cos, equal, evaluate, floor, gradients, greater, greaterOrEqual, input, less, lessOrEqual, log, mul, not, notEqual, or, pow, round, sign, sin, sum,
  where,
} from '../../src/engine/index.ts'
import { cases } from './cases/elementwise.ts'
import { checkOperations } from './check-operations.ts'
import { checkRecorded } from './recorded.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

checkRecorded('elementwise', {
  abs: (x) => abs(x!), sign: (x) => sign(x!), 'sign of NaN and infinities': (x) => sign(x!),
  floor: (x) => floor(x!), ceil: (x) => ceil(x!), round: (x) => round(x!), 'round of infinities': (x) => round(x!),
  sin: (x) => sin(x!), cos: (x) => cos(x!), atan: (x) => atan(x!), acos: (x) => acos(x!), 'acos at its ends and beyond': (x) => acos(x!),
  clamp: (x) => clamp(x!, -1.5, 0.5), 'clamp from below': (x) => clamp(x!, 0.25, Infinity),
  'atan2 around the circle': (y, x) => atan2(y!, x!), 'atan2, broadcast': (y, x) => atan2(y!, x!),
  ...Object.fromEntries([0, 1, 2, 3, -1, 0.5, 2.5, -1.5].map((exponent) => [`pow to ${exponent}`, (x) => pow(x!, exponent)])),
  'pow of nodes': (x, y) => pow(x!, y!), 'pow of a number': (x) => pow(2, x!), 'pow of 0': (x, y) => pow(x!, y!),
  where: (a, b) => where(greater(a!, b!), a!, mul(b!, 3)), 'where, broadcast both ways': (condition, a, b) => where(condition!, a!, b!), 'where with numbers': (condition, a) => where(condition!, a!, 7),
  'where before a logarithm': (x) => where(greater(x!, 0), log(where(greater(x!, 0), x!, 1)), 0),
  greater: (a, b) => greater(a!, b!), greaterOrEqual: (a, b) => greaterOrEqual(a!, b!), less: (a, b) => less(a!, b!), lessOrEqual: (a, b) => lessOrEqual(a!, b!),
  equal: (a, b) => equal(a!, b!), notEqual: (a, b) => notEqual(a!, b!), and: (a, b) => and(a!, b!), or: (a, b) => or(a!, b!), not: (a) => not(a!),
})

test('atan2 and its derivatives are 0 at the origin', () => {
  const [y, x] = [input('y', [1]), input('x', [1])]
  const angle = atan2(y, x)
  expect(evaluate([angle, ...gradients(sum(angle, [0]), [y, x])], { y: [0], x: [0] })).toBeAllclose([0, 0, 0])
})

checkRefusals('elementwise.test.ts', [
  ['where of [2] and [3] and []: the shapes do not broadcast', () => where(input('c', [2]), input('a', [3]), 0)],
  ['greater of [2] and [3]: the shapes do not broadcast', () => greater(input('a', [2]), input('b', [3]))],
  ['clamp of [2]: there is nothing between 1 and -1', () => clamp(input('x', [2]), 1, -1)],
])
