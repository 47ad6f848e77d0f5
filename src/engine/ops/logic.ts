import { elementwise } from './binary.ts'
import { emitNumber, emitTruth } from './boolean.ts'
import { pointwise } from './unary.ts'

/** 1 where both are true, else 0; whatever is not 0 is true. No derivative flows. */
export const and = elementwise({
  name: 'and', value: (a, b) => Number(a !== 0 && b !== 0),
  onnx: (inputs, output, onnx) => {
    const both = onnx.fresh()
    onnx.node('And', inputs.map((x) => emitTruth(x, onnx)), [both])
    emitNumber(both, output, onnx)
  },
  gradient: () => [null, null],
})

/** 1 where at least one is true, else 0; whatever is not 0 is true. No derivative flows. Neither is false: WebGPU has no Or. */
export const or = elementwise({
  name: 'or', value: (a, b) => Number(a !== 0 || b !== 0),
  onnx: (inputs, output, onnx) => {
    const [neither, either] = [onnx.fresh(), onnx.fresh()]
    const falsehoods = inputs.map((x) => {
      const falsehood = onnx.fresh()
      onnx.node('Not', [emitTruth(x, onnx)], [falsehood])
      return falsehood
    })
    onnx.node('And', falsehoods, [neither])
    onnx.node('Not', [neither], [either])
    emitNumber(either, output, onnx)
  },
  gradient: () => [null, null],
})

/** 1 where x is 0, else 0. No derivative flows. */
export const not = pointwise({
  name: 'not', value: (x) => Number(x === 0),
  onnx: (x, output, onnx) => {
    const falsehood = onnx.fresh()
    onnx.node('Not', [emitTruth(x, onnx)], [falsehood])
    emitNumber(falsehood, output, onnx)
  },
  gradient: () => null,
})
