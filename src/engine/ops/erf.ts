import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { square } from './square.ts'
import { pointwise } from './unary.ts'

/** The error function 2/sqrt(pi) * integral of exp(-t^2) from 0 to x. */
export const erf = pointwise({
  name: 'erf', onnx: 'Erf', value: erfOf,
  gradient: (x, _node, upstream) => mul(upstream, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))),
})

/** erf to 1e-15: its Taylor series near 0, beyond it the continued fraction of erfc (Abramowitz & Stegun 7.1.6 and 7.1.14). */
export function erfOf(x: number): number {
  const size = Math.abs(x)
  if (size > 6) return Math.sign(x)
  if (size < 2.5) {
    // erf(x) = 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 ... (2n+1)): all terms positive, nothing cancels
    let [term, total] = [size, size]
    for (let n = 1; term > total * 1e-17; n++) {
      term *= (2 * size * size) / (2 * n + 1)
      total += term
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * total
  }
  let fraction = 0
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (size + fraction)
  return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction))
}
