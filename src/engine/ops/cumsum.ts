import { sizeOf } from '../../tensor.ts'
import { flag, node, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation } from '../graph.ts'
import { axisOf } from './axis.ts'

type Settings = { readonly axis: number; readonly exclusive: number; readonly reverse: number }

const operation: Operation = {
  name: 'cumsum',
  evaluate: (node, [x]) => {
    const { axis, exclusive, reverse } = node.attributes as Settings
    const [extent, inner] = [node.shape[axis]!, sizeOf(node.shape.slice(axis + 1))]
    const out = new Float64Array(x!.length)
    for (let outer = 0; outer * extent * inner < out.length; outer++) {
      for (let column = 0; column < inner; column++) {
        let total = 0
        for (let step = 0; step < extent; step++) {
          const at = (outer * extent + (reverse ? extent - 1 - step : step)) * inner + column
          out[at] = exclusive ? total : total + x![at]!
          total += x![at]!
        }
      }
    }
    return out
  },
  gradient: (node, upstream) => [makeNode(operation, [upstream], node.shape, { ...node.attributes, reverse: 1 - (node.attributes as Settings).reverse })],
  lower: (node, [x], output, onnx) => {
    const { axis, exclusive, reverse } = node.attributes as Settings
    onnx.node('CumSum', [x!, onnx.integers([axis])], [output], { exclusive, reverse })
  },
}

/** Sums of all places up to each one along an axis; `exclusive`: without itself; `reverse`: from the end. */
export const cumsum = checked('cumsum', {
  x: node, axis: whole, options: options({ exclusive: flag, reverse: flag }),
}, (x: Node, axis: number, { exclusive = false, reverse = false }: { readonly exclusive?: boolean; readonly reverse?: boolean } = {}): Node => {
  return makeNode(operation, [x], x.shape, { axis: axisOf('cumsum', x, axis), exclusive: Number(exclusive), reverse: Number(reverse) })
})
