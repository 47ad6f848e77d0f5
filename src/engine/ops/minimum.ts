import { elementwise } from './binary.ts'
import { stepMask } from './step-mask.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

/** The smaller of a and b; where they are equal the derivative goes to a. */
export const minimum = elementwise({
  name: 'minimum', onnx: 'Min', instruction: 'min', value: Math.min,
  gradient: (a, b, _node, upstream) => {
    const bIsLess = stepMask(sub(a, b))
    return [mul(upstream, sub(1, bIsLess)), mul(upstream, bIsLess)]
  },
})
