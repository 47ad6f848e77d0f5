import type { Node } from '../graph.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { div } from './div.ts'

/** x / (1 + |x|). Composed: WebGPU has no Softsign. */
export function softsign(x: Node): Node {
  return div(x, add(abs(x), 1))
}
