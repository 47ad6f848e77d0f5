import { expect, test } from 'vitest'
import { linearKernel } from '../../../src/eval/classifiers/linear-kernel.ts'
import { randomAt } from '../../../src/random.ts'

test.each([[1, 1], [3, 5], [8, 8], [21, 17]])('%i rows of %i features have the bits of sums in the order in which they stand', (rows, dims) => {
  const random = randomAt({ seed: rows })
  const numbers = (count: number) => Float64Array.from({ length: count }, () => random.normal())
  const [features, weights, slopes] = [numbers(rows * dims), numbers(dims + 1), numbers(rows)]
  // another size before: nothing of it is left
  linearKernel(numbers(40 * 23), 40, 23)
  const kernel = linearKernel(features, rows, dims)
  const scores = Array.from({ length: rows }, (_, row) => Array.from({ length: dims }, (_, k) => k).reduce((sum, k) => sum + weights[k]! * features[row * dims + k]!, weights[dims]!))
  const sums = Array.from({ length: dims }, (_, k) => slopes.reduce((sum, slope, row) => sum + slope * features[row * dims + k]!, 0))
  expect([...kernel.scores(weights)]).toEqual(scores)
  expect([...kernel.slopes(slopes)]).toEqual(sums)
})
