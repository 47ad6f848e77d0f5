import { sizeOf } from '../../tensor.ts'
import { node, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, broadcastStrides, forEachOffset, makeNode, type Node, type OnnxEmitter, type Operation, shapeError } from '../graph.ts'
import { axesOf, reduction } from './reduction.ts'
import { reshape } from './reshape.ts'

/** The sum over `axes`. It and `expand` are each other's derivative, hence one file. */
export const sum = reduction({
  name: 'sum', onnx: 'ReduceSum', start: 0, step: (total, x) => total + x, finish: (total) => total,
  gradient: (node, upstream, kept) => expand(reshape(upstream, kept), node.inputs[0]!.shape),
  lower: lowerRows,
})

/**
 * Over the first axes: a row of ones times the rest as a matrix, which ONNX Runtime 1.30 computes sooner than its ReduceSum. Not for so many rows that their ones would weigh.
 */
function lowerRows(node: Node, x: string, output: string, onnx: OnnxEmitter): boolean {
  const { shape } = node.inputs[0]!
  const axes = axesOf(node)
  const rows = sizeOf(shape.slice(0, axes.length))
  const columns = sizeOf(shape.slice(axes.length))
  if (axes.some((axis, i) => axis !== i) || columns < 8 || rows < 8 || rows > 2 ** 16) return false
  const [matrix, product] = [onnx.fresh(), onnx.fresh()]
  onnx.node('Reshape', [x, onnx.integers([rows, columns])], [matrix])
  onnx.node('MatMul', [onnx.floats({ shape: [1, rows], data: new Float32Array(rows).fill(1) }), matrix], [product])
  onnx.node('Reshape', [product, onnx.integers(node.shape)], [output])
  return true
}

const expandOperation: Operation = {
  name: 'expand',
  evaluate: ({ shape, inputs }, [x]) => {
    const out = new Float64Array(sizeOf(shape))
    forEachOffset(shape, broadcastStrides(inputs[0]!.shape, shape), (offset, index) => { out[index] = x![offset]! })
    return out
  },
  gradient: (node, upstream) => [unbroadcast(upstream, node.inputs[0]!.shape)],
  lower: (node, [x], output, onnx) => {
    // ONNX Runtime takes the larger of 1 and 0 for what an extent of 1 becomes
    if (sizeOf(node.shape) === 0) onnx.node('Identity', [onnx.floats({ shape: node.shape, data: new Float32Array(0) })], [output])
    else onnx.node('Expand', [x!, onnx.integers(node.shape)], [output])
  },
}

/** x repeated along axes of extent 1 (or missing in front) up to `shape`. */
export const expand = checked('expand', { x: node, shape: wholes }, (x: Node, shape: readonly number[]): Node => {
  const target = broadcastShapes(x.shape, shape)
  const fits = target?.length === shape.length && target.every((extent, axis) => extent === shape[axis])
  if (!fits) throw shapeError('expand', `cannot become [${shape.join(', ')}]`, x)
  return makeNode(expandOperation, [x], shape)
})

/** Sums a derivative over the axes along which an input of `shape` was broadcast. */
export function unbroadcast(derivative: Node, shape: readonly number[]): Node {
  const lead = derivative.shape.length - shape.length
  const axes = derivative.shape.flatMap((extent, axis) => (axis < lead || (shape[axis - lead] === 1 && extent !== 1) ? [axis] : []))
  return axes.length === 0 ? derivative : reshape(sum(derivative, axes), shape)
}
