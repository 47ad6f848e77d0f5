import { sizeOf } from '../../tensor.ts'
import type { OnnxEmitter } from '../graph.ts'
import { emit, shaped, sliced, zeros } from './conv-emit.ts'
import type { Windows } from './windows.ts'

/**
 * The places that leave the same remainders by the stride: they see the same taps. Place `starts + q` of `counts`, in steps of the stride, lies under tap
 * `taps[i]` of window `starts + q - first - i * step`.
 */
export type Phase = {
  readonly axes: readonly { readonly taps: readonly number[]; readonly step: number; readonly first: number }[]
  readonly starts: readonly number[]
  readonly counts: readonly number[]
}

/** Writes the transpose of windows over `shape` [N, C, extents]: what `part` writes for each phase, [N, C, counts], interleaved; zeros where no tap lies. */
export function lowerPhases(
  { kernel, stride, dilation, before }: Omit<Windows, 'after'>, shape: readonly number[], output: string, onnx: OnnxEmitter, part: (phase: Phase) => string,
): void {
  const [lead, extents] = [shape.slice(0, 2), shape.slice(2)]
  // all phases have the same places: whole steps of the stride that cover the padded axis from `before` to its end
  const starts = before.map((places, axis) => Math.floor(places / stride[axis]!))
  const counts = extents.map((extent, axis) => Math.ceil((before[axis]! + extent) / stride[axis]!) - starts[axis]!)
  const parts = combinations(stride).map((remainders) => {
    const axes = remainders.map((remainder, axis) => tapsOf(remainder, kernel[axis]!, stride[axis]!, dilation[axis]!))
    return axes.some(({ taps }) => taps.length === 0) ? zeros(onnx, [...lead, ...counts]) : part({ axes, starts, counts })
  })
  const interleaved = interleave(onnx, parts, lead, counts, stride)
  const cut = before.map((places, axis) => places - starts[axis]! * stride[axis]!)
  const whole = counts.map((count, axis) => count * stride[axis]!)
  onnx.node('Identity', [sliced(onnx, interleaved, whole, cut, cut.map((places, axis) => places + extents[axis]!))], [output])
}

/** All index vectors of `counts`, row-major. */
export function combinations(counts: readonly number[]): number[][] {
  return counts.reduce<number[][]>((vectors, count) => vectors.flatMap((vector) => Array.from({ length: count }, (_, i) => [...vector, i])), [[]])
}

/** The place of an index vector in row-major order. */
export function flatIndex(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((flat, i, axis) => flat * shape[axis]! + i, 0)
}

/** The taps whose product with the dilation leaves `remainder` by the stride. */
function tapsOf(remainder: number, kernel: number, stride: number, dilation: number): Phase['axes'][number] {
  const taps = Array.from({ length: kernel }, (_, tap) => tap).filter((tap) => (tap * dilation) % stride === remainder)
  const windowOf = (tap: number): number => (tap * dilation - remainder) / stride
  return { taps, step: taps.length < 2 ? 1 : windowOf(taps[1]!) - windowOf(taps[0]!), first: taps.length === 0 ? 0 : windowOf(taps[0]!) }
}

/**
 * Parts for each combination of remainders (row-major), each [...lead, counts], as one of [...lead, counts * stride]: axis by axis from the last one, because
 * ONNX Runtime exchanges two axes in blocks and more of them number by number.
 */
function interleave(onnx: OnnxEmitter, parts: readonly string[], lead: readonly number[], counts: readonly number[], stride: readonly number[]): string {
  if (parts.length === 1) return parts[0]!
  const stacked = emit(onnx, 'Concat', parts.map((part) => shaped(onnx, part, [1, sizeOf(lead), ...counts])), { axis: 0 })
  const interleaved = [...stride.keys()].toReversed().filter((axis) => stride[axis]! > 1).reduce((all, axis) => {
    const [outer, places] = [sizeOf(stride.slice(0, axis)), sizeOf(lead) * sizeOf(counts.slice(0, axis + 1))]
    const done = sizeOf(counts.slice(axis + 1)) * sizeOf(stride.slice(axis + 1))
    return emit(onnx, 'Transpose', [shaped(onnx, all, [outer, stride[axis]!, places, done])], { perm: [0, 2, 1, 3] })
  }, stacked)
  return shaped(onnx, interleaved, [...lead, ...counts.map((count, axis) => count * stride[axis]!)])
}
