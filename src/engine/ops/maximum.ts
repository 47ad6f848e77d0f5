import { elementwise } from './binary.ts'
import { stepMask } from './step-mask.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

/** The larger of a and b; where they are equal the derivative goes to a. */
export const maximum = elementwise({
  name: 'maximum', onnx: 'Max', instruction: 'max', value: Math.max,
  gradient: (a, b, _node, upstream) => {
    const bIsMore = stepMask(sub(b, a))
    return [mul(upstream, sub(1, bIsMore)), mul(upstream, bIsMore)]
  },
})
