import { sizeOf } from '../../tensor.ts'
import { flag, node, oneOrWholes, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { convolve } from './conv-operations.ts'
import { constant } from './input.ts'
import { mul } from './mul.ts'
import { poolOf } from './pool-windows.ts'
import { reshape } from './reshape.ts'
import { padding, type PerAxis, windowPlaces, type WindowOptions } from './windows.ts'

export type AvgPoolOptions = Omit<WindowOptions, 'dilation'> & {
  /** Whether places of the padding count as zeros (PyTorch's count_include_pad). Default true. */
  readonly countPadding?: boolean
}

/** The mean of each window of x [N, C, L]. `stride` is the kernel when not given. */
export const avgPool1d = avgPool(1)
/** The mean of each window of x [N, C, H, W]; see avgPool1d. */
export const avgPool2d = avgPool(2)
/** The mean of each window of x [N, C, T, H, W]; see avgPool1d. */
export const avgPool3d = avgPool(3)

/** A convolution of each channel by itself, with filters of 1 / taps. */
function avgPool(axes: number): (x: Node, kernel: PerAxis, options?: AvgPoolOptions) => Node {
  const name = `avgPool${axes}d`
  return checked(name, {
    x: node, kernel: oneOrWholes, options: options({ stride: oneOrWholes, padding, countPadding: flag }),
  }, (x: Node, kernel: PerAxis, { countPadding = true, ...places }: AvgPoolOptions = {}): Node => {
    const { windows: { after: _, ...windows }, counts } = poolOf(name, axes, x, kernel, places)
    const [batch, channels, ...extents] = x.shape as [number, number, ...number[]]
    const taps = sizeOf(windows.kernel)
    const filters = constant({ shape: [1, 1, ...windows.kernel], data: new Float32Array(taps).fill(1 / taps) })
    const means = convolve(reshape(x, [batch * channels, 1, ...extents]), filters, undefined, [batch * channels, 1, ...counts], { ...windows, groups: 1 })
    const y = reshape(means, [batch, channels, ...counts])
    const taken = windowPlaces(extents, counts, windows)
    if (countPadding || taken.every((place) => place >= 0)) return y
    const shares = Float32Array.from({ length: sizeOf(counts) }, (_, window) => taps / taken.subarray(window * taps, (window + 1) * taps).filter((place) => place >= 0).length)
    return mul(y, constant({ shape: counts, data: shares }))
  })
}
