import { sizeOf } from '../../tensor.ts'
import { node, optional, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { gatherOperation, scatterAddOperation } from './gather-operations.ts'
import { checkCountable, indexList, type Indices, indicesOf } from './indices.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

export type GatherOptions = {
  /** How many leading axes x and the indices have in common: entry b of the indices reads from entry b of x. 0 when not given. */
  readonly batchAxes?: number
}

/**
 * Places of one axis of x, picked by index: [...batch, ...before, N, ...after] with indices [...batch, ...picked] gives [...batch, ...before, ...picked, ...after], as numpy's take and
 * tf.gather. Indices are whole numbers from 0 to N - 1, N at most 2^24: others are refused, when fed on the CPU as the graph runs.
 */
export const gather = checked('gather', {
  x: node, indices: indexList, axis: optional(whole), options: options({ batchAxes: whole }),
}, (x: Node, indices: Indices, axis = 0, { batchAxes = 0 }: GatherOptions = {}): Node => {
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
})

/**
 * The transpose of gather: [...batch, ...before, ...picked, ...after] is added into zeros [...batch, ...before, extent, ...after] at the indices [...batch, ...picked]; `axis` is that of
 * the result. What meets in one place is added up in the order of the indices, so that bits do not depend on threads; on WebGPU, which adds as threads arrive, they do.
 */
export const scatterAdd = checked('scatterAdd', {
  updates: node, indices: indexList, extent: whole, axis: optional(whole), options: options({ batchAxes: whole }),
}, (updates: Node, indices: Indices, extent: number, axis = 0, { batchAxes = 0 }: GatherOptions = {}): Node => {
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
})

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
