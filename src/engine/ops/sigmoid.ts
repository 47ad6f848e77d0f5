import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { pointwise } from './unary.ts'

/** 1 / (1 + exp(-x)). Its logarithm is logSigmoid: ONNX Runtime's sigmoid is right to 1e-7, and 0 below -18. */
export const sigmoid = pointwise({
  name: 'sigmoid', onnx: 'Sigmoid', value: (x) => 1 / (1 + Math.exp(-x)), gradient: (_x, node, upstream) => mul(upstream, mul(node, sub(1, node))),
})
