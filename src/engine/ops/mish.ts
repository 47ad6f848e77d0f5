import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { add } from './add.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { softplus } from './softplus.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { tanh } from './tanh.ts'
import { withGradient } from './with-gradient.ts'

/** x t, t = tanh(softplus(x)) (Misra, BMVC 2020); its derivative is t + x (1 - t^2) sigmoid(x). */
export const mish = checked('mish', { x: node }, (x: Node): Node => {
  const share = tanh(softplus(x))
  return withGradient('mish', mul(x, share), [x], (upstream) => [mul(upstream, add(share, mul(x, mul(sub(1, square(share)), sigmoid(x)))))])
})
