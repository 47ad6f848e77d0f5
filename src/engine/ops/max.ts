import { sub } from './sub.ts'
import { stepMask } from './step-mask.ts'
import { mul } from './mul.ts'
import { div } from './div.ts'
import { sum } from './sum.ts'
import { axesOf, reduction } from './reduction.ts'
import { reshape } from './reshape.ts'

/** The largest over `axes`; the derivative is shared equally between ties. What is made of NaN depends on the executor: ONNX Runtime's CPU may pass it over. */
export const max = reduction({
  name: 'max', onnx: 'ReduceMax', start: -Infinity, step: Math.max, finish: (total) => total,
  gradient: (node, upstream, kept) => {
    const x = node.inputs[0]!
    const isMax = sub(1, stepMask(sub(reshape(node, kept), x)))
    return mul(div(isMax, sum(isMax, axesOf(node), { keepDims: true })), reshape(upstream, kept))
  },
})
