import { elementwise } from './binary.ts'
import type { Node } from '../graph.ts'
import { pointwise } from './unary.ts'

/** What arrives, but 0 where x is 0 or less. */
const passed: (x: Node, upstream: Node) => Node = elementwise({
  name: 'reluGradient', value: (x, upstream) => (x <= 0 ? 0 : upstream),
  onnx: ([x, upstream], output, onnx) => {
    const [zero, isOff] = [onnx.floats({ shape: [], data: Float32Array.of(0) }), onnx.fresh()]
    onnx.node('LessOrEqual', [x!, zero], [isOff])
    onnx.node('Where', [isOff, zero, upstream!], [output])
  },
  gradient: (x, _upstream, _node, second) => [null, passed(x as Node, second)],
})

/** max(x, 0); the derivative at 0 is 0, and 1 for NaN. */
export const relu = pointwise({ name: 'relu', onnx: 'Relu', value: (x) => Math.max(x, 0), gradient: (x, _node, upstream) => passed(x, upstream) })
