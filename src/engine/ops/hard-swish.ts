import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { hardSigmoid } from './hard-sigmoid.ts'
import { mul } from './mul.ts'

/** x hardSigmoid(x) (Howard et al., ICCV 2019). */
export const hardSwish = checked('hardSwish', { x: node }, (x: Node): Node => {
  return mul(x, hardSigmoid(x))
})
