import { sizeOf } from '../../tensor.ts'
import { node } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastShapes, broadcastStrides, forEachOffset, makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { unbroadcast } from './sum.ts'
import { reshape } from './reshape.ts'
import { transposeLast } from './transpose.ts'

const operation: Operation = {
  name: 'matmul',
  evaluate: (node, [a, b]) => {
    const [m, n] = node.shape.slice(-2) as [number, number]
    const k = node.inputs[0]!.shape.at(-1)!
    const batch = node.shape.slice(0, -2)
    const out = new Float64Array(sizeOf(node.shape))
    const matrixOf = (input: Node): Int32Array => {
      const offsets = new Int32Array(sizeOf(batch))
      forEachOffset(batch, broadcastStrides(input.shape.slice(0, -2), batch), (offset, index) => { offsets[index] = offset * sizeOf(input.shape.slice(-2)) })
      return offsets
    }
    const [as, bs] = [matrixOf(node.inputs[0]!), matrixOf(node.inputs[1]!)]
    for (let z = 0; z < as.length; z++) {
      for (let i = 0; i < m; i++) {
        for (let p = 0; p < k; p++) {
          const factor = a![as[z]! + i * k + p]!
          for (let j = 0; j < n; j++) out[(z * m + i) * n + j]! += factor * b![bs[z]! + p * n + j]!
        }
      }
    }
    return out
  },
  gradient: (node, upstream) => {
    const [a, b] = [node.inputs[0]!, node.inputs[1]!]
    const da = unbroadcast(matmul(upstream, transposeLast(b)), a.shape)
    // one shared right side: a single product over all rows, not one per batch that is summed afterwards. As a batch of one: ONNX Runtime makes Gemm of
    // a plain product that something is added to, and then copies the transposed side (57 MB for the patches of LA2DS, 226 of maps of 32 px) instead of reading it in place
    if (b.shape.length === 2) {
      const rows = sizeOf(a.shape.slice(0, -1))
      return [da, reshape(matmul(transposeLast(reshape(a, [1, rows, a.shape.at(-1)!])), reshape(upstream, [1, rows, node.shape.at(-1)!])), b.shape)]
    }
    return [da, unbroadcast(matmul(transposeLast(a), upstream), b.shape)]
  },
  lower: (node, inputs, output, onnx) => {
    // of nothing ONNX Runtime 1.30 writes no sum (what lay in memory stays there), and it broadcasts no batch of none
    const isOfNothing = sizeOf(node.shape) === 0 || node.inputs[0]!.shape.at(-1) === 0
    if (isOfNothing) onnx.node('Identity', [onnx.floats({ shape: node.shape, data: new Float32Array(sizeOf(node.shape)) })], [output])
    else onnx.node('MatMul', inputs, [output])
  },
}

/** Matrix product over the last two axes, [..., m, k] x [..., k, n]; the axes before them broadcast as numpy's. */
export const matmul = checked('matmul', { a: node, b: node }, (a: Node, b: Node): Node => {
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))
  if (a.shape.length < 2 || b.shape.length < 2 || batch === null || a.shape.at(-1) !== b.shape.at(-2)) throw shapeError('matmul', 'the shapes do not fit', a, b)
  return makeNode(operation, [a, b], [...batch, a.shape.at(-2)!, b.shape.at(-1)!])
})
