import { add } from './add.ts'
import { erf, erfOf } from './erf.ts'
import { exp } from './exp.ts'
import { hardSigmoid } from './hard-sigmoid.ts'
import { mul } from './mul.ts'
import { square } from './square.ts'
import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { sigmoid } from './sigmoid.ts'
import { sub } from './sub.ts'
import { pointwise } from './unary.ts'

/** x Phi(x), Phi = the normal distribution function: the erf form of Hendrycks & Gimpel, 2016. */
export const gelu = pointwise({
  name: 'gelu', onnx: 'Gelu', value: (x) => x * 0.5 * (1 + erfOf(x * Math.SQRT1_2)),
  gradient: (x, _node, upstream) => {
    // in few passes over memory: erf / 2 + 1/2 is one, and the density's factor stands in its exponent
    const scaled = mul(x, Math.SQRT1_2)
    const density = exp(sub(-0.5 * Math.log(2 * Math.PI), square(scaled)))
    return mul(upstream, add(hardSigmoid(erf(scaled), 0.5), mul(x, density)))
  },
})

/** x / 2 (1 + tanh u), u = sqrt(2 / pi) (x + 0.044715 x^3): gelu's tanh form, which is x sigmoid(2 u). */
export const geluTanh = checked('geluTanh', { x: node }, (x: Node): Node => {
  const cubic = mul(x, add(mul(square(x), 0.044715), 1))
  return mul(x, sigmoid(mul(cubic, 2 * Math.sqrt(2 / Math.PI))))
})
