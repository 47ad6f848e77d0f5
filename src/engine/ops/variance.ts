import { sizeOf } from '../../tensor.ts'
import { flag, node, number, options, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { abs } from './abs.ts'
import { equal } from './compare.ts'
import { div } from './div.ts'
import { max } from './max.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { axesIn, type ReductionOptions, reducedShape } from './reduction.ts'
import { reshape } from './reshape.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'
import { withGradient } from './with-gradient.ts'

/** `correction`: 1, when not given, for the unbiased variance of a sample, 0 for that of all there is. */
export type VarianceOptions = ReductionOptions & { readonly correction?: number }

/** The sum of squared distances from the mean over `axes`, divided by their number less the correction. */
export const variance = checked('variance', {
  x: node, axes: wholes, options: options({ keepDims: flag, correction: number }),
}, (x: Node, axes: readonly number[], options: VarianceOptions = {}): Node => {
  const { along, centred, value, freedom } = spread('variance', x, axes, options)
  const result = withGradient('variance', value, [x], (upstream) => [mul(centred, mul(upstream, 2 / freedom))])
  return reshape(result, reducedShape(x.shape, along, options.keepDims ?? false))
})

/** The square root of the variance, also where that overflows; where it is 0 the derivative is 0. */
export const standardDeviation = checked('standardDeviation', {
  x: node, axes: wholes, options: options({ keepDims: flag, correction: number }),
}, (x: Node, axes: readonly number[], options: VarianceOptions = {}): Node => {
  const { along, centred, freedom } = spread('standardDeviation', x, axes, options)
  // squares of shares of the farthest neither overflow nor vanish
  const farthest = max(abs(centred), along, { keepDims: true })
  const isZero = equal(farthest, 0)
  const shares = div(centred, where(isZero, 1, farthest))
  const root = sqrt(div(sum(square(shares), along, { keepDims: true }), freedom))
  const result = withGradient('standardDeviation', mul(root, farthest), [x], (upstream) => [
    mul(shares, where(isZero, 0, div(div(upstream, freedom), where(isZero, 1, root)))),
  ])
  return reshape(result, reducedShape(x.shape, along, options.keepDims ?? false))
})

function spread(name: string, x: Node, axes: readonly number[], { correction = 1 }: VarianceOptions) {
  const along = axesIn(name, x, axes)
  const freedom = sizeOf(along.map((axis) => x.shape[axis]!)) - correction
  if (!(freedom > 0)) throw shapeError(name, `too few numbers along axes [${axes.join(', ')}] for a correction of ${correction}`, x)
  const centred = sub(x, mean(x, along, { keepDims: true }))
  return { along, centred, freedom, value: mul(sum(square(centred), along, { keepDims: true }), 1 / freedom) }
}
