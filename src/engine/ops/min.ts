import { div } from './div.ts'
import { mul } from './mul.ts'
import { axesOf, reduction } from './reduction.ts'
import { reshape } from './reshape.ts'
import { stepMask } from './step-mask.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

/** The smallest over `axes`; the derivative is shared equally between ties. What is made of NaN depends on the executor: ONNX Runtime's CPU may pass it over. */
export const min = reduction({
  name: 'min', onnx: 'ReduceMin', start: Infinity, step: Math.min, finish: (total) => total,
  gradient: (node, upstream, kept) => {
    const x = node.inputs[0]!
    const isMin = sub(1, stepMask(sub(x, reshape(node, kept))))
    return mul(div(isMin, sum(isMin, axesOf(node), { keepDims: true })), reshape(upstream, kept))
  },
})
