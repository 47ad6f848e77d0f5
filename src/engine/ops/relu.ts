import { mul } from './mul.ts'
import { stepMask } from './step-mask.ts'
import { pointwise } from './unary.ts'

/** max(x, 0); the derivative at 0 is 0. */
export const relu = pointwise({ name: 'relu', onnx: 'Relu', value: (x) => Math.max(x, 0), gradient: (x, _node, upstream) => mul(upstream, stepMask(x)) })
