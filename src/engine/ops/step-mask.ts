import { pointwise } from './unary.ts'

/** 1 where x > 0, else 0; no derivative flows through it. */
export const stepMask = pointwise({
  name: 'stepMask', value: (x) => (x > 0 ? 1 : 0),
  onnx: (x, output, onnx) => {
    const positive = onnx.fresh()
    onnx.node('Greater', [x, onnx.floats({ shape: [], data: Float32Array.of(0) })], [positive])
    onnx.node('Cast', [positive], [output], { to: 1 })
  },
  gradient: () => null,
})
