import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sigmoid } from './sigmoid.ts'
import { pointwise } from './unary.ts'

/**
 * log(1 + exp(x)) = max(x, 0) + log(1 + z), z = exp(-|x|), which never overflows; log(1 + z) = 2 artanh(z / (2 + z)), which keeps its digits where 1 + z is 1 in float32. Of ONNX's
 * own Softplus nothing is left below -17.
 */
export const softplus = pointwise({
  name: 'softplus', value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  onnx: (x, output, onnx) => {
    const two = onnx.floats({ shape: [], data: Float32Array.of(2) })
    const [size, negative, z, more, share, half, log, positive] = Array.from({ length: 8 }, () => onnx.fresh()) as [string, string, string, string, string, string, string, string]
    onnx.node('Abs', [x], [size])
    onnx.node('Neg', [size], [negative])
    onnx.node('Exp', [negative], [z])
    onnx.node('Add', [z, two], [more])
    onnx.node('Div', [z, more], [share])
    onnx.node('Atanh', [share], [half])
    onnx.node('Mul', [half, two], [log])
    onnx.node('Relu', [x], [positive])
    onnx.node('Add', [positive, log], [output])
  },
  gradient: (x, _node, upstream) => mul(upstream, sigmoid(x)),
})

/** log(sigmoid(x)), finite for every finite x. */
export const logSigmoid = checked('logSigmoid', { x: node }, (x: Node): Node => {
  return neg(softplus(neg(x)))
})
