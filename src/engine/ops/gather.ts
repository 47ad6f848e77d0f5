import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation, type OnnxEmitter, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { checkCountable, checkedIndex, emitIndices, emitWholeNumbers, type Indices, indicesOf } from './indices.ts'
import { emitReshape, reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

/** [R, N, S] and indices [R or 1, K] -> [R, K, S]: every gather in its plain form. It and scatterAdd are each other's derivative, hence one file. */
const gatherOperation: Operation = {
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
const scatterAddOperation: Operation = {
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

export type GatherOptions = {
  /** How many leading axes x and the indices have in common: entry b of the indices reads from entry b of x. 0 when not given. */
  readonly batchAxes?: number
}

/**
 * Places of one axis of x, picked by index: [...batch, ...before, N, ...after] with indices [...batch, ...picked] gives [...batch, ...before, ...picked, ...after], as numpy's take and
 * tf.gather. Indices are whole numbers from 0 to N - 1, N at most 2^24: others are refused, when fed on the CPU as the graph runs.
 */
export function gather(x: Node, indices: Indices, axis = 0, { batchAxes = 0 }: GatherOptions = {}): Node {
  const at = axisOf('gather', x, axis)
  const index = indicesOf('gather', x, indices, x.shape[at]!)
  checkBatch('gather', x, index, at, batchAxes)
  checkCountable('gather', sizeOf(x.shape), x, index)
  const [batch, before, after] = [x.shape.slice(0, batchAxes), x.shape.slice(batchAxes, at), x.shape.slice(at + 1)]
  const picked = index.shape.slice(batchAxes)
  const [extent, count] = [x.shape[at]!, sizeOf(picked)]
  if (batchAxes === 0) {
    const taken = makeNode(gatherOperation, [reshape(x, [sizeOf(before), extent, sizeOf(after)]), reshape(index, [1, count])], [sizeOf(before), count, sizeOf(after)])
    return reshape(taken, [...before, ...picked, ...after])
  }
  const rows = sizeOf(batch)
  const source = reshape(moveAxis(x, at, batchAxes), [rows, extent, sizeOf(before) * sizeOf(after)])
  const taken = makeNode(gatherOperation, [source, reshape(index, [rows, count])], [rows, count, source.shape[2]!])
  return moveAxes(reshape(taken, [...batch, ...picked, ...before, ...after]), batchAxes, picked.length, before.length)
}

/**
 * The transpose of gather: [...batch, ...before, ...picked, ...after] is added into zeros [...batch, ...before, extent, ...after] at the indices [...batch, ...picked]; `axis` is that of
 * the result. What meets in one place is added up in the order of the indices, so that bits do not depend on threads; on WebGPU, which adds as threads arrive, they do.
 */
export function scatterAdd(updates: Node, indices: Indices, extent: number, axis = 0, { batchAxes = 0 }: GatherOptions = {}): Node {
  const index = indicesOf('scatterAdd', updates, indices, extent)
  if (!Number.isInteger(extent) || extent < 1) throw shapeError('scatterAdd', `${extent} is no extent`, updates, index)
  const picked = index.shape.slice(batchAxes)
  const at = axisOf('scatterAdd', updates, axis, updates.shape.length - picked.length + 1)
  checkBatch('scatterAdd', updates, index, at, batchAxes)
  const fits = picked.every((count, i) => updates.shape[at + i] === count)
  if (!fits) throw shapeError('scatterAdd', `the indices are not those of axis ${at}`, updates, index)
  const [batch, before, after] = [updates.shape.slice(0, batchAxes), updates.shape.slice(batchAxes, at), updates.shape.slice(at + picked.length)]
  const count = sizeOf(picked)
  checkCountable('scatterAdd', sizeOf(batch) * sizeOf(before) * Math.max(count, extent) * sizeOf(after), updates, index)
  if (batchAxes === 0) {
    const rows = sizeOf(before)
    const added = makeNode(scatterAddOperation, [reshape(updates, [rows, count, sizeOf(after)]), reshape(index, [1, count])], [rows, extent, sizeOf(after)])
    return reshape(added, [...before, extent, ...after])
  }
  const rows = sizeOf(batch)
  const source = reshape(moveAxes(updates, batchAxes, before.length, picked.length), [rows, count, sizeOf(before) * sizeOf(after)])
  const added = makeNode(scatterAddOperation, [source, reshape(index, [rows, count])], [rows, extent, source.shape[2]!])
  return moveAxis(reshape(added, [...batch, extent, ...before, ...after]), batchAxes, at)
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

function checkBatch(operation: string, x: Node, index: Node, axis: number, batchAxes: number): void {
  const fits = Number.isInteger(batchAxes) && batchAxes >= 0 && batchAxes <= axis && batchAxes <= index.shape.length && x.shape.slice(0, batchAxes).every((extent, i) => extent === index.shape[i])
  if (!fits) throw shapeError(operation, `the first ${batchAxes} axes are not a batch of both before axis ${axis}`, x, index)
}

/** x with axis `from` put at place `to`. */
function moveAxis(x: Node, from: number, to: number): Node {
  if (from === to) return x
  const others = [...x.shape.keys()].filter((axis) => axis !== from)
  return transpose(x, others.toSpliced(to, 0, from))
}

/** x with the `first` axes from `start` on and the `second` ones behind them exchanged. */
function moveAxes(x: Node, start: number, first: number, second: number): Node {
  if (first === 0 || second === 0) return x
  const axes = [...x.shape.keys()]
  return transpose(x, [...axes.slice(0, start), ...axes.slice(start + first, start + first + second), ...axes.slice(start, start + first), ...axes.slice(start + first + second)])
}
