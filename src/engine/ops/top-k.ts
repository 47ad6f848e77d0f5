import { sizeOf } from '../../tensor.ts'
import { flag, node, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { takeAlong } from './take-along.ts'

const indicesOperation: Operation = {
  name: 'topKIndices',
  evaluate: (node, [x]) => {
    const { axis, largest } = node.attributes as { axis: number; largest: number }
    const [extent, count] = [node.inputs[0]!.shape[axis]!, node.shape[axis]!]
    const inner = sizeOf(node.shape.slice(axis + 1))
    const out = new Float64Array(sizeOf(node.shape))
    for (let line = 0; line * count < out.length; line++) {
      const [outer, column] = [Math.floor(line / inner), line % inner]
      const valueAt = (place: number): number => x![(outer * extent + place) * inner + column]!
      const order = [...Array(extent).keys()].sort((a, b) => (largest ? valueAt(b) - valueAt(a) : valueAt(a) - valueAt(b)) || a - b)
      for (let k = 0; k < count; k++) out[(outer * count + k) * inner + column] = order[k]!
    }
    return out
  },
  gradient: () => [null],
  lower: (node, [x], output, onnx) => {
    const { axis, largest } = node.attributes as { axis: number; largest: number }
    const places = onnx.fresh()
    const extent = node.inputs[0]!.shape[axis]!
    onnx.node('TopK', [x!, onnx.integers([node.shape[axis]!])], [onnx.fresh(), places], { axis, largest, sorted: 1 })
    // int64 to float by reading from 0, 1, ...: WebGPU has no such cast
    onnx.node('Gather', [onnx.floats({ shape: [extent], data: Float32Array.from({ length: extent }, (_, place) => place) }), places], [output], { axis: 0 })
  },
}

/**
 * The k largest (or smallest) of an axis, best first, and their places, both [..., k, ...]. Of equal ones the first come first. Derivatives flow through the values, to exactly these
 * places. Where there is a NaN nothing is said about the order.
 */
export const topK = checked('topK', {
  x: node, k: whole, options: options({ axis: whole, largest: flag }),
}, (x: Node, k: number, { axis = -1, largest = true }: { readonly axis?: number; readonly largest?: boolean } = {}): { readonly values: Node; readonly indices: Node } => {
  const at = axisOf('topK', x, axis)
  if (!Number.isInteger(k) || k < 1 || k > x.shape[at]!) throw shapeError('topK', `no ${k} of the ${x.shape[at]} places of axis ${axis}`, x)
  const indices = makeNode(indicesOperation, [x], x.shape.with(at, k), { axis: at, largest: Number(largest) })
  return { values: takeAlong(x, indices, at), indices }
})
