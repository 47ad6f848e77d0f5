import { sizeOf } from '../../tensor.ts'
import type { OnnxEmitter } from '../graph.ts'
import { emit, emitConv, shaped, sliced, zeros } from './conv-emit.ts'

/** Sizes of a convolution: x [N, C, extents], w [O, C / groups, kernel], y [N, O, windows]; tap k of window j lies on place j * stride + k * dilation - before. */
export type Form = {
  readonly x: readonly number[]
  readonly w: readonly number[]
  readonly y: readonly number[]
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly before: readonly number[]
  readonly groups: number
}

/** y of x and w: ONNX Runtime's own Conv, which unfolds x block by block in the processor's cache and multiplies: 60 to 95 GFLOP/s per core. */
export function lowerForward(form: Form, [input, weights, bias]: readonly string[], output: string, onnx: OnnxEmitter): void {
  const { x, w, y, groups } = form
  emitConv({
    ...form, batch: x[0]!, filters: w[0]!, channels: w[1]!, input: input!, weights: weights!, ...(bias === undefined ? {} : { bias }), extents: x.slice(2), counts: y.slice(2), groups,
  }, output, onnx)
}

/**
 * w of x and y: again a Conv, with y as O filters of N channels, as large as x. The channels of x are put innermost and made one axis with the last of its
 * places, so that what Conv unfolds are runs of at least C numbers; on that axis one place is `channels` numbers. Filters are dilated by the stride, results lie
 * the dilation apart. Nothing unfolded is ever kept. Groups of channels are groups of that Conv.
 */
export function lowerWeights(form: Form, x: string, y: string, output: string, onnx: OnnxEmitter): void {
  const { groups, w } = form
  if (isProduct(form)) return lowerWeightsOfProduct(form, x, y, output, onnx)
  const [batch, channels, filters] = [form.x[0]!, w[1]!, w[0]!]
  const { extents, kernel, stride, dilation, before, windows } = atLeastTwoAxes(form)
  const axes = extents.length
  const [inner, outer] = [axes - 1, [...extents.keys()].slice(0, -1)]
  // results lie on every place of the innermost axis, also between the taps of a dilated kernel
  const span = dilation[inner]! * (kernel[inner]! - 1) + 1
  const last = emit(onnx, 'Transpose', [shaped(onnx, x, [batch, groups, channels, ...extents])], { perm: [1, 0, ...extents.map((_, axis) => axis + 3), 2] })
  const swapped = emit(onnx, 'Transpose', [shaped(onnx, y, [batch, filters, ...windows])], { perm: [1, 0, ...windows.map((_, axis) => axis + 2)] })
  const found = onnx.fresh()
  emitConv({
    batch: 1, filters, channels: batch, input: shaped(onnx, last, [1, groups * batch, ...outer.map((axis) => extents[axis]!), extents[inner]! * channels]), weights: swapped,
    extents: extents.with(inner, extents[inner]! * channels), kernel: windows, counts: kernel.with(inner, span * channels),
    stride: dilation.with(inner, 1), dilation: stride.with(inner, stride[inner]! * channels), before: before.with(inner, before[inner]! * channels), groups,
  }, found, onnx)
  const places = shaped(onnx, found, [filters, ...kernel.with(inner, span), channels])
  const taps = dilation[inner] === 1 ? places
    : emit(onnx, 'Slice', [places, onnx.integers([0]), onnx.integers([span]), onnx.integers([axes]), onnx.integers([dilation[inner]!])])
  const ordered = emit(onnx, 'Transpose', [taps], { perm: [0, axes + 1, ...extents.map((_, axis) => axis + 1)] })
  onnx.node('Reshape', [ordered, onnx.integers(w)], [output])
}

/** A kernel of one place without stride or padding: a product of matrices for each of the batch, summed. */
function lowerWeightsOfProduct({ groups, w, x: [batch, , ...extents] }: Form, x: string, y: string, output: string, onnx: OnnxEmitter): void {
  const rows = shaped(onnx, y, [batch!, groups, w[0]! / groups, sizeOf(extents)])
  const columns = emit(onnx, 'Transpose', [shaped(onnx, x, [batch!, groups, w[1]!, sizeOf(extents)])], { perm: [0, 1, 3, 2] })
  const total = emit(onnx, 'ReduceSum', [emit(onnx, 'MatMul', [rows, columns]), onnx.integers([0])], { keepdims: 0 })
  onnx.node('Reshape', [total, onnx.integers(w)], [output])
}

/**
 * x of y and w, without ConvTranspose (missing on WebGPU in 3-D, slow on the CPU): places of x that leave the same remainder by the stride see the same taps,
 * so they are a Conv of stride 1 of y with those taps in reverse; the remainders' results are interleaved. Without a stride that is one Conv. No product is with
 * a zero that stride put there.
 */
export function lowerTransposed(form: Form, y: string, w: string, output: string, onnx: OnnxEmitter): void {
  const { groups, kernel, stride, before } = form
  const extents = form.x.slice(2)
  const [filters, channels, taps] = [form.w[0]! / groups, form.w[1]!, sizeOf(kernel)]
  const exchanged = emit(onnx, 'Transpose', [shaped(onnx, w, [groups, filters, channels, taps])], { perm: [0, 2, 1, 3] })
  // all remainders make the same places: whole steps of the stride that cover the padded axis from `before` to its end
  const starts = before.map((places, axis) => Math.floor(places / stride[axis]!))
  const counts = extents.map((extent, axis) => Math.ceil((before[axis]! + extent) / stride[axis]!) - starts[axis]!)
  const parts = combinations(stride).map((remainders) => {
    const axes = remainders.map((remainder, axis) => tapsOf(remainder, kernel[axis]!, stride[axis]!, form.dilation[axis]!))
    if (axes.some(({ taps }) => taps.length === 0)) return zeros(onnx, [form.x[0]!, form.x[1]!, ...counts])
    const reversed = combinations(axes.map(({ taps }) => taps.length)).map((at) => flatIndex(at.map((i, axis) => axes[axis]!.taps.at(-1 - i)!), kernel))
    const part = onnx.fresh()
    emitConv({
      batch: form.x[0]!, filters: form.x[1]!, channels: filters, input: y, weights: shaped(onnx, taken(onnx, exchanged, reversed, taps), [form.x[1]!, filters, ...axes.map(({ taps }) => taps.length)]),
      extents: form.y.slice(2), kernel: axes.map(({ taps }) => taps.length), counts, stride: kernel.map(() => 1), dilation: axes.map(({ step }) => step),
      before: axes.map(({ taps, step, first }, axis) => first + (taps.length - 1) * step - starts[axis]!), groups,
    }, part, onnx)
    return part
  })
  const interleaved = interleave(onnx, parts, form.x.slice(0, 2), counts, stride)
  const cut = before.map((places, axis) => places - starts[axis]! * stride[axis]!)
  const whole = counts.map((count, axis) => count * stride[axis]!)
  onnx.node('Identity', [sliced(onnx, interleaved, whole, cut, cut.map((places, axis) => places + extents[axis]!))], [output])
}

/**
 * The taps whose product with the dilation leaves `remainder` by the stride. They lie `step` windows apart; the first lies `first` windows back.
 */
function tapsOf(remainder: number, kernel: number, stride: number, dilation: number): { taps: number[]; step: number; first: number } {
  const taps = Array.from({ length: kernel }, (_, tap) => tap).filter((tap) => (tap * dilation) % stride === remainder)
  const windowOf = (tap: number): number => (tap * dilation - remainder) / stride
  return { taps, step: taps.length < 2 ? 1 : windowOf(taps[1]!) - windowOf(taps[0]!), first: taps.length === 0 ? 0 : windowOf(taps[0]!) }
}

/** Parts for each combination of remainders (row-major), each [...lead, counts], as one of [...lead, counts * stride]. */
function interleave(onnx: OnnxEmitter, parts: readonly string[], lead: readonly number[], counts: readonly number[], stride: readonly number[]): string {
  if (parts.length === 1) return parts[0]!
  const strided = [...stride.keys()].filter((axis) => stride[axis]! > 1)
  const stacked = emit(onnx, 'Concat', parts.map((part) => shaped(onnx, part, [1, sizeOf(lead), ...counts])), { axis: 0 })
  const split = shaped(onnx, stacked, [...strided.map((axis) => stride[axis]!), sizeOf(lead), ...counts])
  const places = counts.flatMap((_, axis) => [strided.length + 1 + axis, ...(strided.includes(axis) ? [strided.indexOf(axis)] : [])])
  return shaped(onnx, emit(onnx, 'Transpose', [split], { perm: [strided.length, ...places] }), [...lead, ...counts.map((count, axis) => count * stride[axis]!)])
}

function isProduct({ kernel, stride, before, x, y }: Form): boolean {
  return sizeOf(kernel) === 1 && stride.every((step) => step === 1) && before.every((places) => places === 0) && x.every((extent, axis) => axis < 2 || extent === y[axis])
}

/** Of one axis two, the innermost of one place: a dilated kernel costs more there. */
function atLeastTwoAxes({ x, y, kernel, stride, dilation, before }: Form): { extents: number[]; windows: number[] } & Pick<Form, 'kernel' | 'stride' | 'dilation' | 'before'> {
  if (kernel.length > 1) return { extents: x.slice(2), windows: y.slice(2), kernel, stride, dilation, before }
  return {
    extents: [...x.slice(2), 1], windows: [...y.slice(2), 1], kernel: [...kernel, 1], stride: [...stride, 1], dilation: [...dilation, 1], before: [...before, 0],
  }
}

/** Some of the taps (the last of four axes) in the given order. */
function taken(onnx: OnnxEmitter, x: string, indices: readonly number[], taps: number): string {
  return indices.length === taps && indices.every((index, i) => index === i) ? x : emit(onnx, 'Gather', [x, onnx.integers(indices)], { axis: 3 })
}

/** All index vectors of `counts`, row-major. */
function combinations(counts: readonly number[]): number[][] {
  return counts.reduce<number[][]>((vectors, count) => vectors.flatMap((vector) => Array.from({ length: count }, (_, i) => [...vector, i])), [[]])
}

function flatIndex(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((flat, i, axis) => flat * shape[axis]! + i, 0)
}
