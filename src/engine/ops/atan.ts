import { add } from './add.ts'
import { div } from './div.ts'
import { square } from './square.ts'
import { pointwise } from './unary.ts'

/** The angle in (-pi/2, pi/2) whose tangent is x. */
export const atan = pointwise({ name: 'atan', onnx: 'Atan', value: Math.atan, gradient: (x, _node, upstream) => div(upstream, add(square(x), 1)) })
