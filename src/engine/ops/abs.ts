import { mul } from './mul.ts'
import { sign } from './sign.ts'
import { pointwise } from './unary.ts'

/** |x|; the derivative at 0 is 0. */
export const abs = pointwise({ name: 'abs', onnx: 'Abs', instruction: 'abs', value: Math.abs, gradient: (x, _node, upstream) => mul(upstream, sign(x)) })
