import { node, oneOrWholes, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { convolve, transposed } from './conv-operations.ts'
import { reshape } from './reshape.ts'
import { paddingInPlaces, windowCounts, windowFields, type WindowOptions, windowsOf } from './windows.ts'

export type ConvOptions = WindowOptions & {
  /** Channels and filters fall into so many groups; filters see the channels of their own. Default 1; as many as channels = depthwise. */
  readonly groups?: number
  /** Added to each filter's results: [filters]. */
  readonly bias?: Node
}

export type ConvTransposeOptions = Omit<ConvOptions, 'padding'> & {
  /** Places cut off on both sides of each axis, or [before, after] for each. Default 0. */
  readonly padding?: Exclude<NonNullable<WindowOptions['padding']>, 'same'>
  /** Places added at the end of each axis: which of the sizes that a strided convolution maps to the same. Default 0. */
  readonly outputPadding?: number | readonly number[]
}

/**
 * Convolution (cross-correlation) of x [N, C, L] with filters w [O, C / groups, k]: [N, O, places]. Layout and weights are PyTorch's, as for all of these;
 * result j is the sum over channels and taps of w[tap] x[j * stride + tap * dilation - padding before], zeros outside, plus the bias.
 */
export const conv1d = convolution(1)
/** Convolution of x [N, C, H, W] with filters w [O, C / groups, kh, kw]; see conv1d. */
export const conv2d = convolution(2)
/** Convolution of x [N, C, T, H, W] with filters w [O, C / groups, kt, kh, kw]; see conv1d. */
export const conv3d = convolution(3)

/** The transpose of conv1d as a linear map: x [N, C, L] with w [C, O / groups, k] becomes [N, O, (L - 1) * stride - padding + dilation * (k - 1) + outputPadding + 1]. */
export const convTranspose1d = transposedConvolution(1)
/** The transpose of conv2d: x [N, C, H, W] with w [C, O / groups, kh, kw]; see convTranspose1d. */
export const convTranspose2d = transposedConvolution(2)
/** The transpose of conv3d: x [N, C, T, H, W] with w [C, O / groups, kt, kh, kw]; see convTranspose1d. */
export const convTranspose3d = transposedConvolution(3)

function convolution(axes: number): (x: Node, w: Node, options?: ConvOptions) => Node {
  const name = `conv${axes}d`
  return checked(name, { x: node, w: node, options: options({ ...windowFields, groups: whole, bias: node }) }, (x: Node, w: Node, options: ConvOptions = {}): Node => {
    const { groups = 1, bias } = options
    checkShapes(name, axes, x, w)
    if (!divides(groups, w.shape[0]!) || x.shape[1] !== w.shape[1]! * groups) {
      throw shapeError(name, `${x.shape[1]} channels and filters [${w.shape.join(', ')}] do not fit with groups = ${groups}`, x, w)
    }
    checkBias(name, bias, w.shape[0]!)
    const { after, ...places } = windowsOf(name, [x, w], w.shape.slice(2), options)
    const counts = windowCounts(x.shape.slice(2), { ...places, after })
    if (counts.some((count) => count < 1)) throw shapeError(name, 'the kernel is larger than the padded input', x, w)
    return convolve(x, w, bias, [x.shape[0]!, w.shape[0]!, ...counts], { ...places, groups })
  })
}

function transposedConvolution(axes: number): (x: Node, w: Node, options?: ConvTransposeOptions) => Node {
  const name = `convTranspose${axes}d`
  return checked(name, {
    x: node, w: node, options: options({ ...windowFields, padding: paddingInPlaces, groups: whole, bias: node, outputPadding: oneOrWholes }),
  }, (x: Node, w: Node, options: ConvTransposeOptions = {}): Node => {
    const { groups = 1, bias, outputPadding = 0 } = options
    checkShapes(name, axes, x, w)
    if (x.shape[1] !== w.shape[0] || !divides(groups, w.shape[0]!)) {
      throw shapeError(name, `${x.shape[1]} channels and filters [${w.shape.join(', ')}] do not fit with groups = ${groups}`, x, w)
    }
    checkBias(name, bias, w.shape[1]! * groups)
    const { kernel, stride, dilation, before, after } = windowsOf(name, [x, w], w.shape.slice(2), options)
    const added = typeof outputPadding === 'number' ? kernel.map(() => outputPadding) : outputPadding
    if (added.length !== axes || added.some((places, axis) => !Number.isSafeInteger(places) || places < 0 || places >= Math.max(stride[axis]!, dilation[axis]!))) {
      throw shapeError(name, `outputPadding must be a whole number >= 0 and below the stride or the dilation of each axis, not ${JSON.stringify(outputPadding)}`, x, w)
    }
    const extents = kernel.map((extent, axis) =>
      (x.shape[axis + 2]! - 1) * stride[axis]! - before[axis]! - after[axis]! + dilation[axis]! * (extent - 1) + added[axis]! + 1)
    if (extents.some((extent) => extent < 1)) throw shapeError(name, `padding cuts everything off: [${extents.join(', ')}] would be left`, x, w)
    const y = transposed(x, w, [x.shape[0]!, w.shape[1]! * groups, ...extents], { kernel, stride, dilation, before, groups })
    return bias === undefined ? y : add(y, reshape(bias, [bias.shape[0]!, ...kernel.map(() => 1)]))
  })
}

function checkShapes(name: string, axes: number, x: Node, w: Node): void {
  if (x.shape.length !== axes + 2 || w.shape.length !== axes + 2) throw shapeError(name, `x and w must have ${axes + 2} axes each`, x, w)
  if ([...x.shape, ...w.shape].includes(0)) throw shapeError(name, 'an axis is empty', x, w)
}

function checkBias(name: string, bias: Node | undefined, filters: number): void {
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== filters)) throw shapeError(name, `the bias must be [${filters}]`, bias)
}

function divides(groups: number, filters: number): boolean {
  return Number.isSafeInteger(groups) && groups >= 1 && filters % groups === 0
}
