import { pointwise } from './unary.ts'

/** x, as if it were a constant: no derivative flows through it. */
export const stopGradient = pointwise({ name: 'stopGradient', onnx: 'Identity', value: (x) => x, gradient: () => null })
