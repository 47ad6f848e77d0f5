import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { equal } from './compare.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { axesIn, reductionKinds, type ReductionOptions, reducedShape } from './reduction.ts'
import { reshape } from './reshape.ts'
import { sqrt } from './sqrt.ts'
import { sumSquare } from './sum-square.ts'
import { where } from './where.ts'
import { withGradient } from './with-gradient.ts'

/** The Euclidean length over `axes`; of zeros the derivative is 0. */
export const norm = checked('norm', reductionKinds, (x: Node, axes: readonly number[], { keepDims = false }: ReductionOptions = {}): Node => {
  const along = axesIn('norm', x, axes)
  const length = sqrt(sumSquare(x, along, { keepDims: true }))
  const result = withGradient('norm', length, [x], (upstream) => {
    const isZero = equal(length, 0)
    return [mul(x, where(isZero, 0, div(upstream, where(isZero, 1, length))))]
  })
  return reshape(result, reducedShape(x.shape, along, keepDims))
})
