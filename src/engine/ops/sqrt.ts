import { div } from './div.ts'
import { mul } from './mul.ts'
import { pointwise } from './unary.ts'

/** The square root of x; its derivative is infinite at 0. */
export const sqrt = pointwise({ name: 'sqrt', onnx: 'Sqrt', instruction: 'sqrt', value: Math.sqrt, gradient: (_x, node, upstream) => div(mul(upstream, 0.5), node) })
