import { abs } from './abs.ts'
import { equal, greater } from './compare.ts'
import type { Node } from '../graph.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { axesOf, reduction } from './reduction.ts'
import { reshape } from './reshape.ts'
import { sign } from './sign.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/** The product over `axes`. The derivative for an element is the product of the others, also where some are 0 or infinite. */
export const prod = reduction({
  name: 'prod', onnx: 'ReduceProd', start: 1, step: (total, x) => total * x, finish: (total) => total,
  gradient: (node, upstream, kept) => {
    const x = node.inputs[0]!
    const [isZero, isInfinite] = [equal(x, 0), equal(abs(x), Infinity)]
    const filled = where(isZero, 1, where(isInfinite, sign(x), x))
    const others = div(prod(filled, axesOf(node), { keepDims: true }), filled)
    const elsewhere = (is: Node): Node => greater(sub(sum(is, axesOf(node), { keepDims: true }), is), 0)
    const factor = where(elsewhere(isInfinite), Infinity, 1)
    return mul(where(elsewhere(isZero), mul(factor, 0), mul(others, factor)), reshape(upstream, kept))
  },
})
