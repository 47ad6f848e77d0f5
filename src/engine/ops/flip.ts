import { sizeOf } from '../../tensor.ts'
import { node, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { forEachOffset, makeNode, type Node, type Operation } from '../graph.ts'
import { axesIn } from './reduction.ts'

const operation: Operation = {
  name: 'flip',
  evaluate: (node, [x]) => {
    const axes = node.attributes['axes'] as readonly number[]
    const strides = node.shape.map((_, axis) => sizeOf(node.shape.slice(axis + 1)) * (axes.includes(axis) ? -1 : 1))
    const last = axes.reduce((offset, axis) => offset - (node.shape[axis]! - 1) * strides[axis]!, 0)
    const out = new Float64Array(x!.length)
    forEachOffset(node.shape, strides, (offset, index) => { out[index] = x![last + offset]! })
    return out
  },
  gradient: (node, upstream) => [makeNode(operation, [upstream], node.shape, node.attributes)],
  lower: (node, [x], output, onnx) => {
    const axes = node.attributes['axes'] as readonly number[]
    const ends = axes.map((axis) => -1 - node.shape[axis]!)
    onnx.node('Slice', [x!, onnx.integers(axes.map(() => -1)), onnx.integers(ends), onnx.integers(axes), onnx.integers(axes.map(() => -1))], [output])
  },
}

/** The places of some axes in reverse order. */
export const flip = checked('flip', { x: node, axes: wholes }, (x: Node, axes: readonly number[]): Node => {
  const positive = axesIn('flip', x, axes)
  return positive.length === 0 ? x : makeNode(operation, [x], x.shape, { axes: positive })
})
