import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type OnnxEmitter, type Operation } from '../graph.ts'
import { checkedIndex, emitIndices, emitWholeNumbers } from './indices.ts'
import { emitReshape } from './reshape.ts'

/** [R, N, S] and indices [R or 1, K] -> [R, K, S]: every gather in its plain form. It and scatterAdd are each other's derivative, hence one file. */
export const gatherOperation: Operation = {
  name: 'gather',
  evaluate: (node, [x, indices]) => {
    const [extent, width] = node.inputs[0]!.shape.slice(1) as [number, number]
    const out = new Float64Array(sizeOf(node.shape))
    visitPlaces(node, indices!, extent, (source, place) => out.set(x!.subarray(source * width, (source + 1) * width), place * width))
    return out
  },
  gradient: (node, upstream) => {
    const [x, indices] = [node.inputs[0]!, node.inputs[1]!]
    return [makeNode(scatterAddOperation, [upstream, indices], x.shape), null]
  },
  lower: (node, [x, indices], output, onnx) => {
    const [source, index] = [node.inputs[0]!, node.inputs[1]!]
    const [rows, extent, width] = source.shape as [number, number, number]
    const places = emitIndices(indices!, extent, rows * extent, onnx)
    const flat = onnx.fresh()
    if (index.shape[0] === 1) {
      emitReshape(places, [index.shape[1]!], flat, onnx)
      onnx.node('Gather', [x!, flat], [output], { axis: 1 })
    } else {
      emitReshape(x!, [rows * extent, width], flat, onnx)
      onnx.node('Gather', [flat, emitInRows(places, rows, extent, onnx)], [output], { axis: 0 })
    }
  },
}

/**
 * [R, K, S] and indices [R or 1, K] -> [R, N, S], what goes to one place added up in the order of the indices. As ScatterElements over single elements: ONNX Runtime 1.30 lets
 * threads of ScatterND with `reduction: add` write one place at once, which loses numbers, and ScatterElements of several axes takes two to three times as long.
 */
export const scatterAddOperation: Operation = {
  name: 'scatterAdd',
  evaluate: (node, [updates, indices]) => {
    const [extent, width] = node.shape.slice(1) as [number, number]
    const out = new Float64Array(sizeOf(node.shape))
    visitPlaces(node, indices!, extent, (target, place) => {
      for (let i = 0; i < width; i++) out[target * width + i]! += updates![place * width + i]!
    })
    return out
  },
  gradient: (node, upstream) => {
    const [updates, indices] = [node.inputs[0]!, node.inputs[1]!]
    return [makeNode(gatherOperation, [upstream, indices], updates.shape), null]
  },
  lower: (node, [updates, indices], output, onnx) => {
    const [rows, extent, width] = node.shape as [number, number, number]
    const count = node.inputs[0]!.shape[1]!
    const places = emitInRows(emitIndices(indices!, extent, rows * extent, onnx), rows, extent, onnx)
    const [column, starts, positions, flatPositions, flatUpdates, zeros, sums] = Array.from({ length: 7 }, () => onnx.fresh()) as [string, string, string, string, string, string, string]
    emitReshape(places, [rows * count, 1], column, onnx)
    onnx.node('Mul', [column, emitWholeNumbers([width], [1], onnx)], [starts])
    onnx.node('Add', [starts, emitWholeNumbers([...Array(width).keys()], [width], onnx)], [positions])
    emitReshape(positions, [rows * count * width], flatPositions, onnx)
    emitReshape(updates!, [rows * count * width], flatUpdates, onnx)
    onnx.node('Expand', [onnx.floats({ shape: [], data: Float32Array.of(0) }), onnx.integers([sizeOf(node.shape)])], [zeros])
    onnx.node('ScatterElements', [zeros, flatPositions, flatUpdates], [sums], { axis: 0, reduction: 'add' })
    emitReshape(sums, node.shape, output, onnx)
  },
}

/** Calls with the row of [R * N] an index points at and its own number in [R * K]. */
function visitPlaces(node: Node, indices: Float64Array, extent: number, visit: (row: number, place: number) => void): void {
  const index = node.inputs[1]!
  const [rows, count] = [node.shape[0]!, index.shape[1]!]
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < count; k++) visit(row * extent + checkedIndex(node.operation.name, node, indices[index.shape[0] === 1 ? k : row * count + k]!, extent), row * count + k)
  }
}

/** Indices [R or 1, K] within rows as indices [R, K] into all rows one after the other. */
function emitInRows(places: string, rows: number, extent: number, onnx: OnnxEmitter): string {
  const flat = onnx.fresh()
  onnx.node('Add', [places, emitWholeNumbers(Array.from({ length: rows }, (_, row) => row * extent), [rows, 1], onnx)], [flat])
  return flat
}
