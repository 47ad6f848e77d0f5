import { elementwise } from './binary.ts'

/** a + b. */
export const add = elementwise({ name: 'add', onnx: 'Add', instruction: 'add', value: (a, b) => a + b, gradient: (_a, _b, _node, upstream) => [upstream, upstream] })
