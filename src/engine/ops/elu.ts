import { node, number, optional } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { add } from './add.ts'
import { greater } from './compare.ts'
import { mul } from './mul.ts'
import { pointwiseWith } from './unary.ts'
import { where } from './where.ts'

const exponential = pointwiseWith<{ readonly alpha: number }>({
  name: 'elu', value: (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)),
  onnx: (x, output, onnx, { alpha }) => onnx.node('Elu', [x], [output], { alpha: { float: alpha } }),
  gradient: (x, node, upstream, { alpha }) => mul(upstream, where(greater(x, 0), 1, add(node, alpha))),
})

/** x where it is above 0, else alpha (exp(x) - 1) (Clevert et al., ICLR 2016); the derivative at 0 is alpha. */
export const elu = checked('elu', { x: node, alpha: optional(number) }, (x: Node, alpha = 1): Node => {
  return exponential(x, { alpha })
})
