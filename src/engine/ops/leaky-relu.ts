import { node, number, optional } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { greater } from './compare.ts'
import { mul } from './mul.ts'
import { pointwiseWith } from './unary.ts'
import { where } from './where.ts'

const leaky = pointwiseWith<{ readonly slope: number }>({
  name: 'leakyRelu', value: (x, { slope }) => (x > 0 ? x : slope * x),
  onnx: (x, output, onnx, { slope }) => onnx.node('LeakyRelu', [x], [output], { alpha: { float: slope } }),
  gradient: (x, _node, upstream, { slope }) => where(greater(x, 0), upstream, mul(upstream, slope)),
})

/** x where it is above 0, else slope x; the derivative at 0 is the slope. */
export const leakyRelu = checked('leakyRelu', { x: node, slope: optional(number) }, (x: Node, slope = 0.01): Node => {
  return leaky(x, { slope })
})
