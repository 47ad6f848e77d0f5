import { sizeOf } from '../../tensor.ts'
import { flag, node, options, wholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { broadcastStrides, forEachOffset, makeNode, type Node, type OnnxEmitter, type Operation, shapeError } from '../graph.ts'
import { reshape } from './reshape.ts'

type Reduction = {
  readonly name: string
  readonly onnx: string
  readonly start: number
  step(total: number, x: number): number
  /** From the total over `count` elements to the value. */
  finish(total: number, count: number): number
  gradient(node: Node, upstream: Node, kept: readonly number[]): Node | null
  /** Another ONNX form, where it is faster; answers whether it wrote one. */
  readonly lower?: (node: Node, x: string, output: string, onnx: OnnxEmitter) => boolean
}

export type ReductionOptions = { readonly keepDims?: boolean }

/** Of what is folded along some axes. */
export const reductionKinds = { x: node, axes: wholes, options: options({ keepDims: flag }) }

/** An operation that folds the elements along some axes (negative = from the end) into one. */
export function reduction(
  { name, onnx, start, step, finish, gradient, lower = () => false }: Reduction,
): (x: Node, axes: readonly number[], options?: ReductionOptions) => Node {
  const operation: Operation = {
    name,
    evaluate: (node, [x]) => {
      const kept = keptShape(node.inputs[0]!.shape, axesOf(node))
      const out = new Float64Array(sizeOf(kept)).fill(start)
      const targets = reducedOffsets(node.inputs[0]!.shape, axesOf(node))
      for (let index = 0; index < x!.length; index++) out[targets[index]!] = step(out[targets[index]!]!, x![index]!)
      const count = x!.length / out.length
      return out.map((total) => finish(total, count))
    },
    gradient: (node, upstream) => [gradient(node, upstream, keptShape(node.inputs[0]!.shape, axesOf(node)))],
    lower: (node, [x], output, emitter) => {
      if (lower(node, x!, output, emitter)) return
      emitter.node(onnx, [x!, emitter.integers(axesOf(node))], [output], { keepdims: node.attributes['keepDims'] as number })
    },
  }
  const make = checked(name, reductionKinds, (x: Node, axes: readonly number[], { keepDims = false }: ReductionOptions = {}): Node => {
    const positive = axesIn(name, x, axes)
    const nothing = sizeOf(positive.map((axis) => x.shape[axis]!)) === 0
    if (nothing && !Number.isFinite(finish(start, 0))) throw shapeError(name, `nothing along axes [${axes.join(', ')}]`, x)
    // ONNX reduces over all axes when none are given: no axes are one of extent 1
    if (positive.length === 0) return make(reshape(x, [...x.shape, 1]), [-1])
    return makeNode(operation, [x], reducedShape(x.shape, positive, keepDims), { axes: positive, keepDims: Number(keepDims) })
  })
  return make
}

/** Axes counted from the front, in order; refuses what is no axis and what is given twice. */
export function axesIn(operation: string, x: Node, axes: readonly number[]): number[] {
  const positive = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis)).sort((a, b) => a - b)
  if (positive.some((axis, i) => !(axis in x.shape) || axis === positive[i + 1])) throw shapeError(operation, `no axes [${axes.join(', ')}]`, x)
  return positive
}

/** What remains of a shape without the axes, or with 1 in their places. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims ? keptShape(shape, axes) : shape.filter((_, axis) => !axes.includes(axis))
}

export function axesOf(node: Node): readonly number[] {
  return node.attributes['axes'] as readonly number[]
}

function keptShape(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
}

/** For each element the index of the result it goes into. */
function reducedOffsets(shape: readonly number[], axes: readonly number[]): Int32Array {
  const strides = broadcastStrides(keptShape(shape, axes), shape)
  const targets = new Int32Array(sizeOf(shape))
  forEachOffset(shape, strides, (offset, index) => { targets[index] = offset })
  return targets
}
