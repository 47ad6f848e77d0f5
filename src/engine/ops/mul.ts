import { elementwise } from './binary.ts'

/** a b, element by element. */
export const mul = elementwise({ name: 'mul', onnx: 'Mul', instruction: 'mul', value: (a, b) => a * b, gradient: (a, b, _node, upstream) => [mul(upstream, b), mul(upstream, a)] })
