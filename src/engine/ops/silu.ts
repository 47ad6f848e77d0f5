import type { Node } from '../graph.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'

/** x sigmoid(x), also called swish (Elfwing et al., 2018). */
export function silu(x: Node): Node {
  return mul(x, sigmoid(x))
}
