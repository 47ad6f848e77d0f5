import { sizeOf } from '../../tensor.ts'
import { node, optional, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { emitReshape } from './reshape.ts'
import { transpose } from './transpose.ts'

const operation: Operation = {
  name: 'oneHot',
  evaluate: (node, [indices]) => {
    const depth = node.shape.at(-1)!
    const out = new Float64Array(sizeOf(node.shape))
    for (const [i, index] of indices!.entries()) if (Number.isInteger(index) && index >= 0 && index < depth) out[i * depth + index] = 1
    return out
  },
  gradient: () => [null],
  lower: (node, [indices], output, onnx) => {
    const depth = node.shape.at(-1)!
    const [column, equal] = [onnx.fresh(), onnx.fresh()]
    emitReshape(indices!, [...node.shape.slice(0, -1), 1], column, onnx)
    onnx.node('Equal', [column, onnx.floats({ shape: [depth], data: Float32Array.from({ length: depth }, (_, i) => i) })], [equal])
    onnx.node('Cast', [equal], [output], { to: 1 })
  },
}

/** 1 at the index and 0 elsewhere along a new axis of `depth` places, the last when not given. An index that is no place (-1, `depth`, 0.5) gives zeros. No derivative flows. */
export const oneHot = checked('oneHot', { indices: node, depth: whole, axis: optional(whole) }, (indices: Node, depth: number, axis = -1): Node => {
  const at = axisOf('oneHot', indices, axis, indices.shape.length + 1)
  if (!Number.isInteger(depth) || depth < 1) throw shapeError('oneHot', `${depth} is no depth`, indices)
  const last = makeNode(operation, [indices], [...indices.shape, depth])
  const axes = [...last.shape.keys()]
  return at === axes.length - 1 ? last : transpose(last, axes.slice(0, -1).toSpliced(at, 0, axes.length - 1))
})
