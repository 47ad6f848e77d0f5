import { sizeOf } from '../../tensor.ts'
import { flag, node, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { squeeze } from './squeeze.ts'

export type ArgOptions = { readonly keepDims?: boolean }

/** The first place along an axis that holds the largest value, [..., 1, ...] or without the axis. No derivative flows. Where there is a NaN it is some place. */
export const argMax = firstExtreme({ name: 'argMax', reduce: 'ReduceMax', short: 'Less', isBetter: (a, b) => a > b })

/** The first place along an axis that holds the smallest value; else as argMax. */
export const argMin = firstExtreme({ name: 'argMin', reduce: 'ReduceMin', short: 'Greater', isBetter: (a, b) => a < b })

/** Without ArgMax, which WebGPU lacks, and without sorting: the least place of those that do not fall short of the extreme. */
function firstExtreme({ name, reduce, short, isBetter }: {
  name: string; reduce: string; short: string; isBetter: (a: number, b: number) => boolean
}): (x: Node, axis: number, options?: ArgOptions) => Node {
  const operation: Operation = {
    name,
    evaluate: (node, [x]) => {
      const axis = node.attributes['axis'] as number
      const [extent, inner] = [node.inputs[0]!.shape[axis]!, sizeOf(node.shape.slice(axis + 1))]
      return Float64Array.from({ length: sizeOf(node.shape) }, (_, line) => {
        const start = Math.floor(line / inner) * extent * inner + (line % inner)
        let best = 0
        for (let place = 1; place < extent; place++) if (isBetter(x![start + place * inner]!, x![start + best * inner]!)) best = place
        return best
      })
    },
    gradient: () => [null],
    lower: (node, [x], output, onnx) => {
      const axis = node.attributes['axis'] as number
      const { shape } = node.inputs[0]!
      const extent = shape[axis]!
      const places = onnx.floats({ shape: [extent, ...shape.slice(axis + 1).map(() => 1)], data: Float32Array.from({ length: extent }, (_, place) => place) })
      const [extreme, fallsShort, candidates] = [onnx.fresh(), onnx.fresh(), onnx.fresh()]
      onnx.node(reduce, [x!, onnx.integers([axis])], [extreme], { keepdims: 1 })
      onnx.node(short, [x!, extreme], [fallsShort])
      onnx.node('Where', [fallsShort, onnx.floats({ shape: [], data: Float32Array.of(extent) }), places], [candidates])
      onnx.node('ReduceMin', [candidates, onnx.integers([axis])], [output], { keepdims: 1 })
    },
  }
  return checked(name, { x: node, axis: whole, options: options({ keepDims: flag }) }, (x: Node, axis: number, { keepDims = false }: ArgOptions = {}): Node => {
    const at = axisOf(name, x, axis)
    if (x.shape[at] === 0) throw shapeError(name, `axis ${axis} has no places`, x)
    const kept = makeNode(operation, [x], x.shape.with(at, 1), { axis: at })
    return keepDims ? kept : squeeze(kept, [at])
  })
}
