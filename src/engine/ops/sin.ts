import type { Node } from '../graph.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { pointwise } from './unary.ts'

/** The sine of x radians. It and `cos` are each other's derivative, hence one file. WebGPU promises both to 5e-4 in [-pi, pi] only. */
export const sin: (x: Node) => Node = pointwise({ name: 'sin', onnx: 'Sin', value: Math.sin, gradient: (x, _node, upstream) => mul(upstream, cos(x)) })

/** The cosine of x radians. */
export const cos: (x: Node) => Node = pointwise({ name: 'cos', onnx: 'Cos', value: Math.cos, gradient: (x, _node, upstream) => neg(mul(upstream, sin(x))) })
