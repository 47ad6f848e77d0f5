import { sizeOf } from '../../tensor.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'

const sliceOperation: Operation = {
  name: 'slice',
  evaluate: (node, [x]) => {
    const { axis, start } = placeOf(node)
    const inner = sizeOf(node.shape.slice(axis + 1))
    const [extent, taken] = [node.inputs[0]!.shape[axis]!, node.shape[axis]!]
    const out = new Float64Array(sizeOf(node.shape))
    for (let outer = 0; outer * taken * inner < out.length; outer++) {
      out.set(x!.subarray((outer * extent + start) * inner, (outer * extent + start + taken) * inner), outer * taken * inner)
    }
    return out
  },
  gradient: (node, upstream) => {
    const { axis, start } = placeOf(node)
    return [pad(upstream, axis, start, node.inputs[0]!.shape[axis]! - start - node.shape[axis]!)]
  },
  lower: (node, [x], output, onnx) => {
    const { axis, start } = placeOf(node)
    onnx.node('Slice', [x!, onnx.integers([start]), onnx.integers([start + node.shape[axis]!]), onnx.integers([axis])], [output])
  },
}

/** Places [start, end) of one axis. */
export function slice(x: Node, axis: number, start: number, end: number): Node {
  if (!(axis in x.shape) || start < 0 || end > x.shape[axis]! || start >= end) throw shapeError('slice', `no places [${start}, ${end}) of axis ${axis}`, x)
  return makeNode(sliceOperation, [x], x.shape.with(axis, end - start), { axis, start })
}

const padOperation: Operation = {
  name: 'pad',
  evaluate: (node, [x]) => {
    const { axis, before } = node.attributes as { axis: number; before: number }
    const inner = sizeOf(node.shape.slice(axis + 1))
    const [extent, taken] = [node.shape[axis]!, node.inputs[0]!.shape[axis]!]
    const out = new Float64Array(sizeOf(node.shape))
    for (let outer = 0; outer * taken * inner < x!.length; outer++) {
      out.set(x!.subarray(outer * taken * inner, (outer + 1) * taken * inner), (outer * extent + before) * inner)
    }
    return out
  },
  gradient: (node, upstream) => {
    const { axis, before } = node.attributes as { axis: number; before: number }
    return [slice(upstream, axis, before, before + node.inputs[0]!.shape[axis]!)]
  },
  lower: (node, [x], output, onnx) => {
    const { axis, before, after } = node.attributes as { axis: number; before: number; after: number }
    const rank = node.shape.length
    const pads = Array.from({ length: 2 * rank }, () => 0).with(axis, before).with(rank + axis, after)
    onnx.node('Pad', [x!, onnx.integers(pads)], [output])
  },
}

/** Zeros before and after the places of one axis. */
export function pad(x: Node, axis: number, before: number, after: number): Node {
  return makeNode(padOperation, [x], x.shape.with(axis, before + x.shape[axis]! + after), { axis, before, after })
}

function placeOf(node: Node): { axis: number; start: number } {
  return node.attributes as { axis: number; start: number }
}
