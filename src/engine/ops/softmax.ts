import { makeNode, type Node, type Operation } from '../graph.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

const operation: Operation = {
  name: 'softmax',
  evaluate: (node, [x]) => {
    const width = node.shape.at(-1)!
    const out = new Float64Array(x!.length)
    for (let row = 0; row < x!.length; row += width) {
      const values = x!.subarray(row, row + width)
      const peak = values.reduce((a, b) => Math.max(a, b), -Infinity)
      const powers = values.map((value) => Math.exp(value - peak))
      const total = powers.reduce((a, b) => a + b, 0)
      out.set(powers.map((power) => power / total), row)
    }
    return out
  },
  gradient: (node, upstream) => {
    const weighted = mul(upstream, node)
    return [sub(weighted, mul(node, sum(weighted, [-1], { keepDims: true })))]
  },
  lower: (_, [x], output, onnx) => onnx.node('Softmax', [x!], [output], { axis: -1 }),
}

/** exp(x) / sum of exp(x) over the last axis. */
export function softmax(x: Node): Node {
  return makeNode(operation, [x], x.shape)
}
