import { emitNumber } from './boolean.ts'
import { pointwise } from './unary.ts'

/** The nearest whole number, halves to the even one; no derivative flows. Composed: WebGPU has no Round. */
export const round = pointwise({
  name: 'round', value: (x) => {
    const [below, rest] = [Math.floor(x), x - Math.floor(x)]
    return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below
  },
  onnx: (x, output, onnx) => {
    const number = (value: number): string => onnx.floats({ shape: [], data: Float32Array.of(value) })
    const [below, rest, isMore, isHalf, halved, pairs, isOdd, isOddHalf, more, oddHalf, up] = Array.from({ length: 11 }, () => onnx.fresh()) as
      [string, string, string, string, string, string, string, string, string, string, string]
    onnx.node('Floor', [x], [below])
    onnx.node('Sub', [x, below], [rest])
    onnx.node('Greater', [rest, number(0.5)], [isMore])
    onnx.node('Equal', [rest, number(0.5)], [isHalf])
    onnx.node('Mul', [below, number(0.5)], [halved])
    onnx.node('Floor', [halved], [pairs])
    onnx.node('Less', [pairs, halved], [isOdd])
    onnx.node('And', [isHalf, isOdd], [isOddHalf])
    emitNumber(isMore, more, onnx)
    emitNumber(isOddHalf, oddHalf, onnx)
    onnx.node('Add', [more, oddHalf], [up])
    onnx.node('Add', [below, up], [output])
  },
  gradient: () => null,
})
