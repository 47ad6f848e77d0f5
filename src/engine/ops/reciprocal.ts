import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { square } from './square.ts'
import { pointwise } from './unary.ts'

/** 1 / x. */
export const reciprocal = pointwise({
  name: 'reciprocal', onnx: 'Reciprocal', value: (x) => 1 / x, gradient: (_x, node, upstream) => neg(mul(upstream, square(node))),
})
