import { elementwise } from './binary.ts'
import { equal, greater } from './compare.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/** The smaller of a and b; where they are equal each gets half of the derivative, beside NaN each gets it whole. */
export const minimum = elementwise({
  name: 'minimum', onnx: 'Min', instruction: 'min', value: Math.min,
  gradient: (a, b, _node, upstream) => {
    const share = mul(upstream, sub(1, mul(equal(a, b), 0.5)))
    return [where(greater(a, b), 0, share), where(greater(b, a), 0, share)]
  },
})
