import { div } from './div.ts'
import { neg } from './neg.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { pointwise } from './unary.ts'

/** The angle in [0, pi] whose cosine is x in [-1, 1]; NaN outside. The derivative is infinite at -1 and 1: clamp what may reach them. */
export const acos = pointwise({ name: 'acos', onnx: 'Acos', value: Math.acos, gradient: (x, _node, upstream) => neg(div(upstream, sqrt(sub(1, square(x))))) })
