import { mul } from './mul.ts'
import { reduction } from './reduction.ts'
import { reshape } from './reshape.ts'

/** The sum of squares over `axes`, in one pass. */
export const sumSquare = reduction({
  name: 'sumSquare', onnx: 'ReduceSumSquare', start: 0, step: (total, x) => total + x * x, finish: (total) => total,
  gradient: (node, upstream, kept) => mul(mul(node.inputs[0]!, 2), reshape(upstream, kept)),
})
