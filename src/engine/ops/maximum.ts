import { elementwise } from './binary.ts'
import { equal, less } from './compare.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/** The larger of a and b; where they are equal each gets half of the derivative, beside NaN each gets it whole. */
export const maximum = elementwise({
  name: 'maximum', onnx: 'Max', instruction: 'max', value: Math.max,
  gradient: (a, b, _node, upstream) => {
    const share = mul(upstream, sub(1, mul(equal(a, b), 0.5)))
    return [where(less(a, b), 0, share), where(less(b, a), 0, share)]
  },
})
