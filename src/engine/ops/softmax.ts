import { node, optional, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'
import { axisOf } from './axis.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

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

/** exp(x) / sum of exp(x) over an axis, the last when not given. */
export const softmax = checked('softmax', { x: node, axis: optional(whole) }, (x: Node, axis = -1): Node => {
  const [at, last] = [axisOf('softmax', x, axis), x.shape.length - 1]
  if (at === last) return makeNode(operation, [x], x.shape)
  const exchanged = [...x.shape.keys()].with(at, last).with(last, at)
  return transpose(softmax(transpose(x, exchanged)), exchanged)
})
