import { equal } from './compare.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { axesOf, reduction } from './reduction.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/** The product over `axes`. The derivative for an element is the product of the others, also where some are 0. */
export const prod = reduction({
  name: 'prod', onnx: 'ReduceProd', start: 1, step: (total, x) => total * x, finish: (total) => total,
  gradient: (node, upstream, kept) => {
    const x = node.inputs[0]!
    const isZero = equal(x, 0)
    const filled = where(isZero, 1, x)
    const others = div(prod(filled, axesOf(node), { keepDims: true }), filled)
    const zerosElsewhere = sub(sum(isZero, axesOf(node), { keepDims: true }), isZero)
    return mul(where(equal(zerosElsewhere, 0), others, 0), reshape(upstream, kept))
  },
})
