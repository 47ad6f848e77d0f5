import { sizeOf } from '../../tensor.ts'
import { node, optional, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, shapeError } from '../graph.ts'
import { axisOf } from './axis.ts'
import { reshape } from './reshape.ts'

const sliceOperation: Operation = {
  name: 'slice',
  evaluate: (node, [x]) => {
    const { axis, start, step } = placeOf(node)
    const inner = sizeOf(node.shape.slice(axis + 1))
    const [extent, taken] = [node.inputs[0]!.shape[axis]!, node.shape[axis]!]
    const [runs, run] = step === 1 ? [1, taken * inner] : [taken, inner]
    const out = new Float64Array(sizeOf(node.shape))
    for (let outer = 0; outer * taken * inner < out.length; outer++) {
      for (let i = 0; i < runs; i++) {
        const from = (outer * extent + start + i * step) * inner
        out.set(x!.subarray(from, from + run), (outer * taken + i) * inner)
      }
    }
    return out
  },
  gradient: (node, upstream) => {
    const { axis, start, step } = placeOf(node)
    const spread = step === 1 ? upstream : spaced(upstream, axis, step)
    return [pad(spread, axis, start, node.inputs[0]!.shape[axis]! - start - spread.shape[axis]!)]
  },
  lower: (node, [x], output, onnx) => {
    const { axis, start, step } = placeOf(node)
    const end = start + (node.shape[axis]! - 1) * step + 1
    onnx.node('Slice', [x!, ...[[start], [end], [axis], ...(step === 1 ? [] : [[step]])].map(onnx.integers)], [output])
  },
}

/** Places [start, end) of one axis, every `step`-th of them. Axis, start and end below 0 count from the end; without `end`, to the end. Backwards: `flip`. */
export const slice = checked('slice', {
  x: node, axis: whole, start: whole, end: optional(whole), options: options({ step: whole }),
}, (x: Node, axis: number, start: number, end = x.shape.at(axis) ?? 0, { step = 1 }: { readonly step?: number } = {}): Node => {
  const at = axisOf('slice', x, axis)
  const extent = x.shape[at]!
  const [first, last] = [start, end].map((place) => (place < 0 ? place + extent : place)) as [number, number]
  if (![first, last, step].every(Number.isInteger) || first < 0 || last > extent || first >= last || step < 1) {
    throw shapeError('slice', `no places [${start}, ${end})${step === 1 ? '' : ` by ${step}`} of axis ${axis}`, x)
  }
  return makeNode(sliceOperation, [x], x.shape.with(at, Math.ceil((last - first) / step)), { axis: at, start: first, step })
})

/** x with `step` - 1 zeros between the places of an axis. */
function spaced(x: Node, axis: number, step: number): Node {
  const places = x.shape[axis]!
  const apart = pad(reshape(x, x.shape.toSpliced(axis + 1, 0, 1)), axis + 1, 0, step - 1)
  return slice(reshape(apart, x.shape.with(axis, places * step)), axis, 0, (places - 1) * step + 1)
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
    const taken = node.inputs[0]!.shape[axis]!
    return [taken === 0 ? null : slice(upstream, axis, before, before + taken)]
  },
  lower: (node, [x], output, onnx) => {
    const { axis, before, after } = node.attributes as { axis: number; before: number; after: number }
    const rank = node.shape.length
    const pads = Array.from({ length: 2 * rank }, () => 0).with(axis, before).with(rank + axis, after)
    onnx.node('Pad', [x!, onnx.integers(pads)], [output])
  },
}

/** Zeros before and after the places of one axis; see pad.ts for other modes. */
export function pad(x: Node, axis: number, before: number, after: number): Node {
  return makeNode(padOperation, [x], x.shape.with(axis, before + x.shape[axis]! + after), { axis, before, after })
}

function placeOf(node: Node): { axis: number; start: number; step: number } {
  return node.attributes as { axis: number; start: number; step: number }
}
