import { pointwise } from './unary.ts'

/** -x. */
export const neg = pointwise({ name: 'neg', onnx: 'Neg', instruction: 'neg', value: (x) => -x, gradient: (_x, _node, upstream) => neg(upstream) })
