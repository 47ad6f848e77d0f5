import { sizeOf } from '../../tensor.ts'
import { expand } from './sum.ts'
import { mul } from './mul.ts'
import { reduction } from './reduction.ts'
import { reshape } from './reshape.ts'

/** The mean over `axes`. */
export const mean = reduction({
  name: 'mean', onnx: 'ReduceMean', start: 0, step: (total, x) => total + x, finish: (total, count) => total / count,
  gradient: (node, upstream, kept) => {
    const { shape } = node.inputs[0]!
    return expand(reshape(mul(upstream, sizeOf(kept) / sizeOf(shape)), kept), shape)
  },
})
