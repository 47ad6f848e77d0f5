import { sizeOf } from '../../tensor.ts'
import { node, oneOrWholes, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import { makeNode, type Node, type Operation, type OnnxEmitter } from '../graph.ts'
import { emit, sliced, zeros } from './conv-emit.ts'
import { combinations, lowerPhases } from './conv-phases.ts'
import { poolOf } from './pool-windows.ts'
import { type PerAxis, windowFields, windowPlaces, type Windows, type WindowOptions } from './windows.ts'

/** The largest in each window of x [N, C, L]; the derivative goes to the first largest, as PyTorch's, and where there is a NaN nowhere. Padding is never the largest. `stride` is the kernel when not given. */
export const maxPool1d = maxPool(1)
/** The largest in each window of x [N, C, H, W]; see maxPool1d. */
export const maxPool2d = maxPool(2)
/** The largest in each window of x [N, C, T, H, W]; see maxPool1d. */
export const maxPool3d = maxPool(3)

function maxPool(axes: number): (x: Node, kernel: PerAxis, options?: WindowOptions) => Node {
  const name = `maxPool${axes}d`
  return checked(name, { x: node, kernel: oneOrWholes, options: options(windowFields) }, (x: Node, kernel: PerAxis, options: WindowOptions = {}): Node => {
    const { windows, counts } = poolOf(name, axes, x, kernel, options)
    return makeNode(maxPoolOperation, [x], [...x.shape.slice(0, 2), ...counts], windows)
  })
}

const maxPoolOperation: Operation = {
  name: 'maxPool',
  evaluate: (node, [x]) => {
    const y = new Float64Array(sizeOf(node.shape)).fill(-Infinity)
    forEachTap(node.inputs[0]!, node, windowsIn(node), (place, window) => { y[window] = Math.max(y[window]!, x![place]!) })
    return y
  },
  gradient: (node, upstream) => [makeNode(gradientOperation, [node.inputs[0]!, node, upstream], node.inputs[0]!.shape, node.attributes)],
  // not MaxPool, which passes over some NaN on ONNX Runtime's CPU and is no faster where windows overlap
  lower: (node, [x], output, onnx) => onnx.node('Max', tapsOf(node, x!, node.shape, onnx, 2).map(({ places }) => places), [output]),
}

/** Of x, its largest and the derivative for these: each goes to the first place that is the largest of its window. */
const gradientOperation: Operation = {
  name: 'maxPoolGradient',
  evaluate: (node, [x, y, upstream]) => {
    const [out, left] = [new Float64Array(x!.length), upstream!.slice()]
    forEachTap(node, node.inputs[1]!, windowsIn(node), (place, window) => {
      if (x![place] !== y![window]) return
      out[place]! += left[window]!
      left[window] = 0
    })
    return out
  },
  gradient: () => { throw new Error('maxPool has no second derivatives') },
  lower: lowerGradient,
}

/** Tap after tap, what is left of the derivative goes to the windows' places there that are the largest. */
function lowerGradient(node: Node, [x, y, upstream]: readonly string[], output: string, onnx: OnnxEmitter): void {
  const windows = node.inputs[1]!.shape
  const zero = onnx.floats({ shape: [], data: Float32Array.of(0) })
  let left = upstream!
  // padded with what equals nothing, -Infinity neither; axes counted from the end: of equal nodes ONNX Runtime would keep the values from the forward pass until here
  const parts = new Map(tapsOf(node, x!, windows, onnx, 2 - windows.length, NaN).map(({ tap, places }) => {
    const isLargest = emit(onnx, 'Equal', [places, y!])
    const part = emit(onnx, 'Where', [isLargest, left, zero])
    left = emit(onnx, 'Where', [isLargest, zero, left])
    return [tap.join(), part]
  }))
  lowerPhases(windowsIn(node), node.shape, output, onnx, ({ axes, starts, counts }) => {
    const moved = combinations(axes.map(({ taps }) => taps.length)).map((at) => {
      const part = parts.get(at.map((i, axis) => axes[axis]!.taps[i]!).join())!
      return shifted(onnx, part, windows, at.map((i, axis) => axes[axis]!.first + i * axes[axis]!.step - starts[axis]!), counts)
    })
    return moved.reduce((a, b) => emit(onnx, 'Add', [a, b]))
  })
}

/** For each tap, row-major, the places of x under it: one for each of `windows` [N, C, counts]. The spatial axes are counted from `firstAxis`. */
function tapsOf(node: Node, x: string, windows: readonly number[], onnx: OnnxEmitter, firstAxis: number, padding = -Infinity): { tap: number[]; places: string }[] {
  const { kernel, stride, dilation, before, after } = windowsIn(node)
  const isPadded = [...before, ...after].some((places) => places > 0)
  const filling = onnx.floats({ shape: [], data: Float32Array.of(padding) })
  const around = isPadded ? emit(onnx, 'Pad', [x, onnx.integers([0, 0, ...before, 0, 0, ...after]), filling]) : x
  return combinations(kernel).map((tap) => {
    const starts = tap.map((k, axis) => k * dilation[axis]!)
    const ends = starts.map((start, axis) => start + (windows[axis + 2]! - 1) * stride[axis]! + 1)
    const axes = kernel.map((_, axis) => firstAxis + axis)
    return { tap, places: emit(onnx, 'Slice', [around, ...[starts, ends, axes, stride].map((values) => onnx.integers(values))]) }
  })
}

/** Places [-shift, counts - shift) of the spatial axes of a tensor of `shape`, zeros where there are none. */
function shifted(onnx: OnnxEmitter, x: string, shape: readonly number[], shift: readonly number[], counts: readonly number[]): string {
  const extents = shape.slice(2)
  const after = extents.map((extent, axis) => counts[axis]! - extent - shift[axis]!)
  const [first, last] = [shift.map((places) => Math.max(0, -places)), extents.map((extent, axis) => extent + Math.min(0, after[axis]!))]
  if (first.some((place, axis) => place >= last[axis]!)) return zeros(onnx, [...shape.slice(0, 2), ...counts])
  const kept = sliced(onnx, x, extents, first, last)
  const [ahead, behind] = [shift, after].map((side) => side.map((places) => Math.max(0, places))) as [number[], number[]]
  return [...ahead, ...behind].every((places) => places === 0) ? kept : emit(onnx, 'Pad', [kept, onnx.integers([0, 0, ...ahead, 0, 0, ...behind])])
}

/** Visits each place under each tap of each window of a channel, window after window. */
function forEachTap(x: Node, y: Node, attributes: Windows, visit: (place: number, window: number) => void): void {
  const [places, windows, taps] = [sizeOf(x.shape.slice(2)), sizeOf(y.shape.slice(2)), sizeOf(attributes.kernel)]
  const table = windowPlaces(x.shape.slice(2), y.shape.slice(2), attributes)
  for (let channel = 0; channel < x.shape[0]! * x.shape[1]!; channel++) {
    for (const [i, place] of table.entries()) if (place >= 0) visit(channel * places + place, channel * windows + Math.floor(i / taps))
  }
}

function windowsIn({ attributes }: Node): Windows {
  return attributes as Windows
}
