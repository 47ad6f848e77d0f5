import { sizeOf } from '../../tensor.ts'
import { list, node, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { slice } from './slice.ts'

const operation: Operation = {
  name: 'concat',
  evaluate: (node, parts) => {
    const axis = node.attributes['axis'] as number
    const inner = sizeOf(node.shape.slice(axis + 1))
    const out = new Float64Array(sizeOf(node.shape))
    let offset = 0
    for (let outer = 0; outer < sizeOf(node.shape.slice(0, axis)); outer++) {
      for (const [i, part] of parts.entries()) {
        const run = node.inputs[i]!.shape[axis]! * inner
        out.set(part.subarray(outer * run, (outer + 1) * run), offset)
        offset += run
      }
    }
    return out
  },
  gradient: (node, upstream) => {
    const axis = node.attributes['axis'] as number
    let start = 0
    return node.inputs.map(({ shape }) => (shape[axis] === 0 ? null : slice(upstream, axis, start, start += shape[axis]!)))
  },
  lower: (node, inputs, output, onnx) => onnx.node('Concat', inputs, [output], { axis: node.attributes['axis'] as number }),
}

/** Nodes one after the other along an axis. */
export const concat = checked('concat', { nodes: list(node), axis: whole }, (nodes: readonly Node[], axis: number): Node => {
  const [first] = nodes
  if (first === undefined) throw shapeError('concat', 'there are no nodes')
  const at = axisOf('concat', first, axis)
  const fits = ({ shape }: Node): boolean => shape.length === first.shape.length && shape.every((extent, i) => i === at || extent === first.shape[i])
  if (!nodes.every(fits)) throw shapeError('concat', `the shapes differ beside axis ${axis}`, ...nodes)
  return makeNode(operation, nodes, first.shape.with(at, nodes.reduce((extent, { shape }) => extent + shape[at]!, 0)), { axis: at })
})
