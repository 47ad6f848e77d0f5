import { emitNumber } from './boolean.ts'
import { pointwise } from './unary.ts'

/** 1 above 0, -1 below, 0 at 0 and for NaN; no derivative flows. Composed of comparisons: WebGPU has no Sign. */
export const sign = pointwise({
  name: 'sign', value: (x) => Number(x > 0) - Number(x < 0),
  onnx: (x, output, onnx) => {
    const zero = onnx.floats({ shape: [], data: Float32Array.of(0) })
    const [above, below] = ['Greater', 'Less'].map((comparison) => {
      const [truth, number] = [onnx.fresh(), onnx.fresh()]
      onnx.node(comparison, [x, zero], [truth])
      emitNumber(truth, number, onnx)
      return number
    })
    onnx.node('Sub', [above!, below!], [output])
  },
  gradient: () => null,
})
