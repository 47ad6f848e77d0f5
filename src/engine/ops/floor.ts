import { pointwise } from './unary.ts'

/** The largest whole number not above x; no derivative flows. */
export const floor = pointwise({ name: 'floor', onnx: 'Floor', value: Math.floor, gradient: () => null })

/** The smallest whole number not below x; no derivative flows. */
export const ceil = pointwise({ name: 'ceil', onnx: 'Ceil', value: Math.ceil, gradient: () => null })
