import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { pointwise } from './unary.ts'

/** 1 / (1 + exp(-x)). Its logarithm is logSigmoid: below -18 ONNX Runtime's sigmoid stays at 1.5e-8. */
export const sigmoid = pointwise({
  name: 'sigmoid', onnx: 'Sigmoid', value: (x) => 1 / (1 + Math.exp(-x)), gradient: (_x, node, upstream) => mul(upstream, mul(node, sub(1, node))),
})
