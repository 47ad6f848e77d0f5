import { node, number, optional } from '../arguments.ts'
import { checked } from '../checked.ts'
import { and } from './logic.ts'
import { greater, less } from './compare.ts'
import { mul } from './mul.ts'
import type { Node } from '../graph.ts'
import { pointwiseWith } from './unary.ts'
import { where } from './where.ts'

const ramp = pointwiseWith<{ readonly slope: number }>({
  name: 'hardSigmoid', value: (x, { slope }) => Math.min(Math.max(x * slope + 0.5, 0), 1),
  onnx: (x, output, onnx, { slope }) => onnx.node('HardSigmoid', [x], [output], { alpha: { float: slope }, beta: { float: 0.5 } }),
  gradient: (x, _node, upstream, { slope }) => where(and(greater(x, -0.5 / slope), less(x, 0.5 / slope)), mul(upstream, slope), 0),
})

/** slope x + 1/2 between 0 and 1, 1/6 being the slope when not given; the derivative is 0 where it meets them (at -3 and 3), and beyond. */
export const hardSigmoid = checked('hardSigmoid', { x: node, slope: optional(number) }, (x: Node, slope = 1 / 6): Node => {
  return ramp(x, { slope })
})
