import { div } from './div.ts'
import { pointwise } from './unary.ts'

/** The natural logarithm of x > 0. */
export const log = pointwise({ name: 'log', onnx: 'Log', value: Math.log, gradient: (x, _node, upstream) => div(upstream, x) })
