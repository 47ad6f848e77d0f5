import { add } from './add.ts'
import { erf, erfOf } from './erf.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { square } from './square.ts'
import { pointwise } from './unary.ts'

/** x Phi(x), Phi = the normal distribution function: the erf form of Hendrycks & Gimpel, 2016. */
export const gelu = pointwise({
  name: 'gelu', onnx: 'Gelu', value: (x) => x * 0.5 * (1 + erfOf(x * Math.SQRT1_2)),
  gradient: (x, _node, upstream) => {
    const distribution = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5)
    const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
    return mul(upstream, add(distribution, mul(x, density)))
  },
})
