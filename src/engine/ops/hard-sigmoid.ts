import { and } from './logic.ts'
import { greater, less } from './compare.ts'
import { mul } from './mul.ts'
import { pointwise } from './unary.ts'
import { where } from './where.ts'

/** x / 6 + 1/2 between 0 and 1; the derivative at -3 and 3 is 0. */
export const hardSigmoid = pointwise({
  name: 'hardSigmoid', value: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
  onnx: (x, output, onnx) => onnx.node('HardSigmoid', [x], [output], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  gradient: (x, _node, upstream) => where(and(greater(x, -3), less(x, 3)), mul(upstream, 1 / 6), 0),
})
