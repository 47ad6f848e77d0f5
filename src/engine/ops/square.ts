import { mul } from './mul.ts'
import { pointwise } from './unary.ts'

/** x squared. */
export const square = pointwise({
  name: 'square', instruction: 'mul', value: (x) => x * x,
  onnx: (x, output, onnx) => onnx.node('Mul', [x, x], [output]),
  gradient: (x, _node, upstream) => mul(mul(upstream, 2), x),
})
