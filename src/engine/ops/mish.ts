import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { mul } from './mul.ts'
import { softplus } from './softplus.ts'
import { tanh } from './tanh.ts'

/** x tanh(softplus(x)) (Misra, BMVC 2020). */
export const mish = checked('mish', { x: node }, (x: Node): Node => {
  return mul(x, tanh(softplus(x)))
})
