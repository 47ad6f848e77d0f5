import type { Node } from '../graph.ts'
import { elementwise } from './binary.ts'
import { equal, greater } from './compare.ts'
import { log } from './log.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/** NaN below 0 but for whole exponents. The derivative for a is 0 where b is 0, that for b where a is 0 or less. */
const power: (a: Node | number, b: Node | number) => Node = elementwise({
  name: 'pow', onnx: 'Pow', value: (a, b) => a ** b,
  gradient: (a, b, node, upstream) => [
    mul(upstream, where(equal(b, 0), 0, mul(b, power(a, sub(b, 1))))),
    mul(upstream, where(greater(a, 0), mul(node, log(where(greater(a, 0), a, 1))), 0)),
  ],
})

/** x to the power of the exponent, a number or a node, under numpy's broadcasting. */
export const pow = power
