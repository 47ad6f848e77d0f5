import { sizeOf } from '../../tensor.ts'
import { broadcastStrides, forEachOffset, makeNode, type Node, type OnnxEmitter, type Operation, shapeError } from '../graph.ts'

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
  return (x, axes, { keepDims = false } = {}) => {
    const positive = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis)).sort((a, b) => a - b)
    if (positive.some((axis, i) => axis < 0 || axis >= x.shape.length || axis === positive[i + 1])) throw shapeError(name, `no axes [${axes.join(', ')}]`, x)
    const shape = keepDims ? keptShape(x.shape, positive) : x.shape.filter((_, axis) => !positive.includes(axis))
    return makeNode(operation, [x], shape, { axes: positive, keepDims: Number(keepDims) })
  }
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
