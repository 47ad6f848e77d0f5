import { ToolkitError } from '../../errors.ts'
import { isNode, kind } from '../arguments.ts'
import { type Node, type OnnxEmitter, shapeError } from '../graph.ts'
import { constant, valueOf } from './input.ts'
import { emitReshape } from './reshape.ts'

/** Whole numbers beyond this are no longer told apart in float32, which is what graphs carry. */
const EXACT = 2 ** 24
/** Positions in a tensor are 32 bits wide; beyond this many, one outside (see emitIndices) would no longer fit. */
const POSITIONS = 2 ** 29

/** Positions along an axis: a node that holds whole numbers from 0 on, or the numbers themselves. */
export type Indices = Node | readonly number[]

export const indexList = kind('a node or a list of whole numbers', (value) => isNode(value) || (Array.isArray(value) && value.every(Number.isFinite)))

/** Indices as a node. Those that are known now are checked now. */
export function indicesOf(operation: string, x: Node, indices: Indices, extent: number): Node {
  const node = 'operation' in indices ? indices : constant({ shape: [indices.length], data: Float32Array.from(indices) })
  if (extent > EXACT) throw shapeError(operation, `indices are exact up to 2^24, the axis has ${extent} places`, x, node)
  const astray = valueOf(node)?.find((index) => !isPlace(index, extent))
  if (astray !== undefined) throw shapeError(operation, `index ${astray} is no place of an axis of ${extent}`, x, node)
  return node
}

/** Refuses tensors whose elements an index of 32 bits cannot count. */
export function checkCountable(operation: string, elements: number, ...nodes: readonly Node[]): void {
  if (elements > POSITIONS) throw shapeError(operation, `it is made of ${elements} elements, more than 2^29`, ...nodes)
}

/** The reference executor's check of what was fed. */
export function checkedIndex(operation: string, node: Node, index: number, extent: number): number {
  if (isPlace(index, extent)) return index
  throw new ToolkitError('E_INDEX', `${operation}: index ${index} is no place of an axis of ${extent}`, { hint: `the node was made at ${node.madeAt()}`, exit: 4 })
}

/**
 * Writes indices as int32. What is no place of the axis (negative, too large, no whole number, NaN) becomes one at or beyond `places`, how many there are in all, which ONNX
 * Runtime refuses to read or write on the CPU; ONNX would count negative ones from the end. WebGPU and tfjs check nothing.
 */
export function emitIndices(indices: string, extent: number, places: number, onnx: OnnxEmitter): string {
  const scalar = (value: number): string => onnx.floats({ shape: [], data: Float32Array.of(value) })
  const [whole, place, isOne, checked, cast] = [onnx.fresh(), onnx.fresh(), onnx.fresh(), onnx.fresh(), onnx.fresh()]
  onnx.node('Floor', [indices], [whole])
  onnx.node('Clip', [whole, scalar(0), scalar(extent - 1)], [place])
  onnx.node('Equal', [indices, place], [isOne])
  onnx.node('Where', [isOne, indices, scalar(2 ** Math.ceil(Math.log2(places)))], [checked])
  onnx.node('Cast', [checked], [cast], { to: INT32 })
  return cast
}

/** Writes constant whole numbers as int32 of a shape. */
export function emitWholeNumbers(values: readonly number[], shape: readonly number[], onnx: OnnxEmitter): string {
  const [shaped, cast] = [onnx.fresh(), onnx.fresh()]
  emitReshape(onnx.integers(values), shape, shaped, onnx)
  onnx.node('Cast', [shaped], [cast], { to: INT32 })
  return cast
}

/** onnx.proto3, TensorProto.DataType: what WebGPU computes with, as it has no int64. */
const INT32 = 6

function isPlace(index: number, extent: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < extent
}
