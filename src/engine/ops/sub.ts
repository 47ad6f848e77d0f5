import { elementwise } from './binary.ts'
import { neg } from './neg.ts'

/** a - b. */
export const sub = elementwise({ name: 'sub', onnx: 'Sub', instruction: 'sub', value: (a, b) => a - b, gradient: (_a, _b, _node, upstream) => [upstream, neg(upstream)] })
