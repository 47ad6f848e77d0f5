import { expect, test } from 'vitest'
import { add, concat, erf, evaluate, expand, gradients, input, layerNorm, matmul, mul, reshape, slice, stopGradient, sum, transpose } from '../../src/engine/index.ts'
import { cases } from './cases/elementary.ts'
import { checkOperations } from './check-operations.ts'
import { checkRefusals } from './check-refusals.ts'

checkOperations(cases)

test('lets no derivative through stopGradient', () => {
  const x = input('x', [2])
  const [derivative] = gradients(sum(mul(x, stopGradient(x)), [0]), [x])
  expect(evaluate([derivative!], { x: [3, 5] })[0]).toEqual(Float64Array.of(3, 5))
})

test('gives zeros for what the loss does not depend on', () => {
  const [x, y] = [input('x', [2]), input('y', [3])]
  expect(evaluate(gradients(sum(x, [0]), [y]), { x: [1, 2], y: [1, 2, 3] })[0]).toEqual(Float64Array.of(0, 0, 0))
})

checkRefusals('ops.test.ts', [
  ['add of [2, 3] and [2]: the shapes do not broadcast', () => add(input('a', [2, 3]), input('b', [2]))],
  ['matmul of [2, 3] and [4, 5]: the shapes do not fit', () => matmul(input('a', [2, 3]), input('b', [4, 5]))],
  ['reshape of [2, 3]: cannot become [4, 2]', () => reshape(input('a', [2, 3]), [4, 2])],
  ['transpose of [2, 3]: no permutation [0, 0]', () => transpose(input('a', [2, 3]), [0, 0])],
  ['slice of [2, 3]: no places [1, 4) of axis 1', () => slice(input('a', [2, 3]), 1, 1, 4)],
  ['concat of [2, 3] and [3, 3]: the shapes differ beside axis 1', () => concat([input('a', [2, 3]), input('b', [3, 3])], 1)],
  ['expand of [2]: cannot become [3]', () => expand(input('a', [2]), [3])],
  ['sum of [2, 3]: no axes [2]', () => sum(input('a', [2, 3]), [2])],
  ['layerNorm of [2, 3] and [2] and [3]: gain and bias must have the last extents', () => layerNorm(input('a', [2, 3]), input('b', [2]), input('c', [3]))],
  ['gradients of [2, 3]: the loss must be one number', () => gradients(input('a', [2, 3]), [])[0]!],
])

// scipy.special.erf of scipy 1.17.1 (double precision)
test('computes erf to double precision', () => {
  const xs = [0.1, 0.5, 1, 2, 2.4999, 2.5, 3, 5]
  const expected = [0.1124629160182849, 0.5204998778130465, 0.8427007929497148, 0.9953222650189527, 0.9995928300996666, 0.999593047982555, 0.9999779095030014, 0.9999999999984626]
  expect(evaluate([erf(input('x', [8]))], { x: xs })[0]).toBeAllclose(expected, { atol: 1e-15, rtol: 1e-15 })
})
