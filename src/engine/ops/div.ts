import { elementwise } from './binary.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

/** a / b. */
export const div = elementwise({
  name: 'div', onnx: 'Div', instruction: 'div', value: (a, b) => a / b,
  gradient: (_a, b, node, upstream) => {
    const da = div(upstream, b)
    return [da, neg(mul(da, node))]
  },
})
