import type { Node } from '../graph.ts'
import { mul } from './mul.ts'
import { softplus } from './softplus.ts'
import { tanh } from './tanh.ts'

/** x tanh(softplus(x)) (Misra, BMVC 2020). */
export function mish(x: Node): Node {
  return mul(x, tanh(softplus(x)))
}
