import { sizeOf } from '../../tensor.ts'
import type { OnnxEmitter } from '../graph.ts'
import { emit, emitConv, shaped } from './conv-emit.ts'
import { combinations, flatIndex, lowerPhases } from './conv-phases.ts'

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
  const joined = joinedGroups(w[1]!, groups)
  const [batch, channels, filters, blocks] = [form.x[0]!, w[1]! * joined, w[0]!, groups / joined]
  const { extents, kernel, stride, dilation, before, windows } = atLeastTwoAxes(form)
  const axes = extents.length
  const [inner, outer] = [axes - 1, [...extents.keys()].slice(0, -1)]
  // results lie on every place of the innermost axis, also between the taps of a dilated kernel
  const span = dilation[inner]! * (kernel[inner]! - 1) + 1
  const last = channelsLast(onnx, x, [batch, blocks, channels, sizeOf(extents)])
  const swapped = emit(onnx, 'Transpose', [shaped(onnx, y, [batch, filters, ...windows])], { perm: [1, 0, ...windows.map((_, axis) => axis + 2)] })
  const found = onnx.fresh()
  emitConv({
    batch: 1, filters, channels: batch, input: shaped(onnx, last, [1, blocks * batch, ...outer.map((axis) => extents[axis]!), extents[inner]! * channels]), weights: swapped,
    extents: extents.with(inner, extents[inner]! * channels), kernel: windows, counts: kernel.with(inner, span * channels),
    stride: dilation.with(inner, 1), dilation: stride.with(inner, stride[inner]! * channels), before: before.with(inner, before[inner]! * channels), groups: blocks,
  }, found, onnx)
  const places = shaped(onnx, found, [filters, ...kernel.with(inner, span), channels])
  const taps = dilation[inner] === 1 ? places
    : emit(onnx, 'Slice', [places, onnx.integers([0]), onnx.integers([span]), onnx.integers([axes]), onnx.integers([dilation[inner]!])])
  const pairs = emit(onnx, 'Transpose', [shaped(onnx, taps, [blocks, joined, filters / groups, sizeOf(kernel), joined, w[1]!])], { perm: [0, 1, 4, 2, 5, 3] })
  onnx.node('Reshape', [ownPairs(onnx, pairs, blocks, joined), onnx.integers(w)], [output])
}

/**
 * How many groups are computed as one, every filter with every channel: a few channels alone give Conv nothing to multiply in blocks (a depthwise 9 x 1 over
 * 64 channels: 55 ms each by itself, 13 by eights).
 */
function joinedGroups(channels: number, groups: number): number {
  const most = Math.max(1, Math.floor(8 / channels))
  return Array.from({ length: most }, (_, i) => most - i).find((count) => groups % count === 0)!
}

/** Of pairs of joined groups [blocks, joined, joined, ...] those of a group with itself. */
function ownPairs(onnx: OnnxEmitter, pairs: string, blocks: number, joined: number): string {
  if (joined === 1) return pairs
  return emit(onnx, 'Gather', [shaped(onnx, pairs, [blocks, joined * joined, -1]), onnx.integers(Array.from({ length: joined }, (_, i) => i * (joined + 1)))], { axis: 1 })
}

/** x [N, groups, channels, places] as [groups, N, places, channels], by two axes at a time: ONNX Runtime exchanges two in blocks, more of them number by number (5 times the time). */
function channelsLast(onnx: OnnxEmitter, x: string, [batch, groups, channels, places]: readonly [number, number, number, number]): string {
  const inner = emit(onnx, 'Transpose', [shaped(onnx, x, [batch * groups, channels, places])], { perm: [0, 2, 1] })
  return groups === 1 ? inner : emit(onnx, 'Transpose', [shaped(onnx, inner, [batch, groups, places * channels])], { perm: [1, 0, 2] })
}

/** A kernel of one place without stride or padding: a product of matrices for each of the batch, summed. */
function lowerWeightsOfProduct({ groups, w, x: [batch, , ...extents] }: Form, x: string, y: string, output: string, onnx: OnnxEmitter): void {
  const rows = shaped(onnx, y, [batch!, groups, w[0]! / groups, sizeOf(extents)])
  const columns = emit(onnx, 'Transpose', [shaped(onnx, x, [batch!, groups, w[1]!, sizeOf(extents)])], { perm: [0, 1, 3, 2] })
  const total = emit(onnx, 'ReduceSum', [emit(onnx, 'MatMul', [rows, columns]), onnx.integers([0])], { keepdims: 0 })
  onnx.node('Reshape', [total, onnx.integers(w)], [output])
}

/**
 * x of y and w, without ConvTranspose (missing on WebGPU in 3-D, slow on the CPU): each phase of the stride is a Conv of stride 1 of y with its taps in reverse.
 * Without a stride that is one Conv. No product is with a zero that stride put there.
 */
export function lowerTransposed(form: Form, y: string, w: string, output: string, onnx: OnnxEmitter): void {
  const { groups, kernel } = form
  const [filters, channels, taps] = [form.w[0]! / groups, form.w[1]!, sizeOf(kernel)]
  const exchanged = emit(onnx, 'Transpose', [shaped(onnx, w, [groups, filters, channels, taps])], { perm: [0, 2, 1, 3] })
  lowerPhases(form, form.x, output, onnx, ({ axes, starts, counts }) => {
    const own = axes.map((axis) => axis.taps.length)
    const reversed = combinations(own).map((at) => flatIndex(at.map((i, axis) => axes[axis]!.taps.at(-1 - i)!), kernel))
    const part = onnx.fresh()
    emitConv({
      batch: form.x[0]!, filters: form.x[1]!, channels: filters, groups, input: y, weights: shaped(onnx, taken(onnx, exchanged, reversed, taps), [form.x[1]!, filters, ...own]),
      extents: form.y.slice(2), kernel: own, counts, stride: kernel.map(() => 1), dilation: axes.map(({ step }) => step),
      before: axes.map(({ step, first }, axis) => first + (own[axis]! - 1) * step - starts[axis]!),
    }, part, onnx)
    return part
  })
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
