import { mul } from './mul.ts'
import { pointwise } from './unary.ts'

/** e to the x. */
export const exp = pointwise({ name: 'exp', onnx: 'Exp', value: Math.exp, gradient: (_x, node, upstream) => mul(upstream, node) })
