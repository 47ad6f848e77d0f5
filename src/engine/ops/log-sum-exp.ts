import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { equal, lessOrEqual } from './compare.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { mul } from './mul.ts'
import { axesIn, reductionKinds, type ReductionOptions, reducedShape } from './reduction.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'
import { withGradient } from './with-gradient.ts'

/** The largest number of float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127

/** log of the sum of exp(x) over `axes`, without overflow. -Infinity leaves an element out; of nothing but these the value is -Infinity and the derivative 0 (PyTorch: NaN). */
export const logSumExp = checked('logSumExp', reductionKinds, (x: Node, axes: readonly number[], { keepDims = false }: ReductionOptions = {}): Node => {
  const along = axesIn('logSumExp', x, axes)
  const peak = max(x, along, { keepDims: true })
  const shift = where(lessOrEqual(abs(peak), LARGEST), peak, 0)
  const powers = exp(sub(x, shift))
  const total = sum(powers, along, { keepDims: true })
  const result = withGradient('logSumExp', add(log(total), shift), [x], (upstream) => [mul(powers, div(upstream, where(equal(total, 0), 1, total)))])
  return reshape(result, reducedShape(x.shape, along, keepDims))
})
