import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { add } from './add.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { sub } from './sub.ts'
import { withGradient } from './with-gradient.ts'

/** y = x sigmoid(x), also called swish (Elfwing et al., 2018); its derivative is sigmoid(x) + y (1 - sigmoid(x)). */
export const silu = checked('silu', { x: node }, (x: Node): Node => {
  const share = sigmoid(x)
  const y = mul(x, share)
  return withGradient('silu', y, [x], (upstream) => [mul(upstream, add(share, mul(y, sub(1, share))))])
})
