import { type Node, shapeError } from '../graph.ts'
import { type PerAxis, windowCounts, type WindowOptions, type Windows, windowsOf } from './windows.ts'

/** Windows of a pooling over the last `axes` axes of x [N, C, ...], and how many there are; every window must lie on a place of x. */
export function poolOf(name: string, axes: number, x: Node, kernel: PerAxis, options: WindowOptions): { readonly windows: Windows; readonly counts: readonly number[] } {
  if (x.shape.length !== axes + 2) throw shapeError(name, `x must have ${axes + 2} axes`, x)
  if (x.shape.includes(0)) throw shapeError(name, 'an axis is empty', x)
  const extents = typeof kernel === 'number' ? Array.from({ length: axes }, () => kernel) : kernel
  if (extents.length !== axes) throw shapeError(name, `the kernel must be one whole number or ${axes}, not ${JSON.stringify(kernel)}`, x)
  const windows = windowsOf(name, [x], extents, { stride: extents, ...options })
  const counts = windowCounts(x.shape.slice(2), windows)
  if (counts.some((count) => count < 1)) throw shapeError(name, 'the kernel is larger than the padded input', x)
  if (extents.some((_, axis) => isOutside(x.shape[axis + 2]!, counts[axis]!, windows, axis))) throw shapeError(name, 'a window lies in the padding alone', x)
  return { windows, counts }
}

function isOutside(extent: number, count: number, { kernel, stride, dilation, before }: Windows, axis: number): boolean {
  const places = (window: number): number[] => Array.from({ length: kernel[axis]! }, (_, tap) => window * stride[axis]! + tap * dilation[axis]! - before[axis]!)
  return Array.from({ length: count }, (_, window) => window).some((window) => places(window).every((place) => place < 0 || place >= extent))
}
