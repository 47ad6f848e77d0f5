import { mul } from './mul.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { pointwise } from './unary.ts'

/** The hyperbolic tangent. */
export const tanh = pointwise({ name: 'tanh', onnx: 'Tanh', value: Math.tanh, gradient: (_x, node, upstream) => mul(upstream, sub(1, square(node))) })
