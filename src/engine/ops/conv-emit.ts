import { sizeOf } from '../../tensor.ts'
import type { OnnxEmitter } from '../graph.ts'

/** One ONNX Conv: windows of `input` [batch, channels * groups, extents], as many as `counts`. Padding may be negative: places are cut off then. */
type Conv = {
  readonly batch: number
  readonly filters: number
  /** Of a group. */
  readonly channels: number
  readonly input: string
  readonly weights: string
  readonly bias?: string
  readonly extents: readonly number[]
  readonly kernel: readonly number[]
  readonly counts: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly before: readonly number[]
  readonly groups: number
}

/** Writes it, around what ONNX's Conv or ONNX Runtime's lacks. */
export function emitConv(conv: Conv, output: string, onnx: OnnxEmitter): void {
  const { extents, kernel, counts, stride, dilation, before, groups } = conv
  const after = extents.map((extent, axis) => (counts[axis]! - 1) * stride[axis]! + dilation[axis]! * (kernel[axis]! - 1) + 1 - before[axis]! - extent)
  // what is left over at the end does not matter as long as no further window fits
  const ends = after.map((places, axis) => (places < 0 && places > -stride[axis]! ? 0 : places))
  const [first, last] = [before.map((places) => Math.max(0, -places)), extents.map((extent, axis) => extent + Math.min(0, ends[axis]!))]
  const outside = first.some((place, axis) => place >= last[axis]!)
  if (outside) return onnx.node('Identity', [zeros(onnx, [conv.batch, conv.filters, ...counts])], [output])
  const pads = [...before, ...ends].map((places) => Math.max(0, places))
  const cut = { ...conv, input: sliced(onnx, conv.input, extents, first, last) }
  const isApart = sizeOf(kernel) === 1 && pads.some((places) => places > 0)
  if (isApart) cut.input = padded(onnx, cut, last.map((end, axis) => end - first[axis]!), pads)
  const attributes = { strides: stride, dilations: dilation, pads: isApart ? pads.map(() => 0) : pads }
  if (groups > 1 && !isGroupedOnWebGpu(conv)) return emitGroups(cut, attributes, output, onnx)
  onnx.node('Conv', [cut.input, cut.weights, ...(conv.bias === undefined ? [] : [conv.bias])], [output], { kernel_shape: kernel, ...attributes, group: groups })
}

/**
 * Zeros around `extents`, apart from Conv: ONNX Runtime's WebGPU provider overlooks padding at the end alone of a kernel of one place. Of another shape, or
 * ONNX Runtime puts the padding back into Conv.
 */
function padded(onnx: OnnxEmitter, { input, batch, channels, groups }: Conv, extents: readonly number[], pads: readonly number[]): string {
  const rows = [batch, channels * groups]
  const around = emit(onnx, 'Pad', [shaped(onnx, input, [sizeOf(rows), ...extents]), onnx.integers([0, ...pads.slice(0, extents.length), 0, ...pads.slice(extents.length)])])
  return shaped(onnx, around, [...rows, ...extents.map((extent, axis) => extent + pads[axis]! + pads[axis + extents.length]!)])
}

/** ONNX Runtime 1.30 has no Conv with groups along three axes on WebGPU, and a wrong one where filters of two groups share a vector of four. */
function isGroupedOnWebGpu({ extents, filters, groups }: Conv): boolean {
  return extents.length < 3 && (filters / groups < 4 || (filters / groups) % 4 === 0)
}

/** Each group by itself. */
function emitGroups({ input, weights, bias, filters, channels, kernel, groups }: Conv, attributes: Readonly<Record<string, readonly number[]>>, output: string, onnx: OnnxEmitter): void {
  const parts = Array.from({ length: groups }, (_, group) => {
    const part = (x: string, axis: number, extent: number): string =>
      emit(onnx, 'Slice', [x, onnx.integers([group * extent]), onnx.integers([(group + 1) * extent]), onnx.integers([axis])])
    const own = [part(input, 1, channels), part(weights, 0, filters / groups), ...(bias === undefined ? [] : [part(bias, 0, filters / groups)])]
    return emit(onnx, 'Conv', own, { kernel_shape: kernel, ...attributes })
  })
  onnx.node('Concat', parts, [output], { axis: 1 })
}

/** Places [starts, ends) of the spatial axes of [N, C, extents]. */
export function sliced(onnx: OnnxEmitter, x: string, extents: readonly number[], starts: readonly number[], ends: readonly number[]): string {
  const axes = [...extents.keys()].filter((axis) => starts[axis]! > 0 || ends[axis]! < extents[axis]!)
  if (axes.length === 0) return x
  const chosen = (values: readonly number[]): string => onnx.integers(axes.map((axis) => values[axis]!))
  return emit(onnx, 'Slice', [x, chosen(starts), chosen(ends), onnx.integers(axes.map((axis) => axis + 2))])
}

export function emit(onnx: OnnxEmitter, type: string, inputs: readonly string[], attributes: Parameters<OnnxEmitter['node']>[3] = {}): string {
  const output = onnx.fresh()
  onnx.node(type, inputs, [output], attributes)
  return output
}

export function shaped(onnx: OnnxEmitter, x: string, shape: readonly number[]): string {
  return emit(onnx, 'Reshape', [x, onnx.integers(shape)])
}

export function zeros(onnx: OnnxEmitter, shape: readonly number[]): string {
  return emit(onnx, 'Expand', [onnx.floats({ shape: [], data: Float32Array.of(0) }), onnx.integers(shape)])
}
