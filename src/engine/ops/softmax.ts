import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'
import { axisOf } from './axis.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

const operation: Operation = {
  name: 'softmax',
  evaluate: (node, [x]) => {
    const axis = node.attributes['axis'] as number
    const [extent, inner] = [node.shape[axis]!, sizeOf(node.shape.slice(axis + 1))]
    const out = new Float64Array(x!.length)
    for (let row = 0; row * extent < x!.length; row++) {
      const start = Math.floor(row / inner) * extent * inner + (row % inner)
      const values = Float64Array.from({ length: extent }, (_, i) => x![start + i * inner]!)
      const peak = values.reduce((a, b) => Math.max(a, b), -Infinity)
      const powers = values.map((value) => Math.exp(value - peak))
      const total = powers.reduce((a, b) => a + b, 0)
      for (const [i, power] of powers.entries()) out[start + i * inner] = power / total
    }
    return out
  },
  gradient: (node, upstream) => {
    const weighted = mul(upstream, node)
    return [sub(weighted, mul(node, sum(weighted, [node.attributes['axis'] as number], { keepDims: true })))]
  },
  lower: (node, [x], output, onnx) => {
    const axis = node.attributes['axis'] as number
    onnx.node('Softmax', [x!], [output], { axis: axis === node.shape.length - 1 ? -1 : axis })
  },
}

/** exp(x) / sum of exp(x) over an axis, the last when not given. */
export function softmax(x: Node, axis = -1): Node {
  return makeNode(operation, [x], x.shape, { axis: axisOf('softmax', x, axis) })
}
