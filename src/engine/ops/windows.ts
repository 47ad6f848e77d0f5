import { type Kind, kind, oneOrWholes } from '../arguments.ts'
import { type Node, shapeError } from '../graph.ts'

/** One whole number for every spatial axis, or one for each. */
export type PerAxis = number | readonly number[]

export type WindowOptions = {
  /** Places from one window to the next. Default 1 (pooling: the extent of the window). */
  readonly stride?: PerAxis
  /** Places from one tap of a window to the next. Default 1. */
  readonly dilation?: PerAxis
  /** Places added on both sides of each axis, or [before, after] for each; `same` = as many results as inputs, an odd place goes to the end. Default 0. */
  readonly padding?: PerAxis | readonly (readonly [number, number])[] | 'same'
}

const isPlaces = (value: unknown): boolean => [value].flat().every((places) => Number.isInteger(places) || (Array.isArray(places) && places.length === 2 && places.every(Number.isInteger)))

export const paddingInPlaces = kind('a whole number, or one or [before, after] for each spatial axis', isPlaces)
export const padding: Kind = kind('"same", a whole number, or one or [before, after] for each spatial axis', (value) => value === 'same' || isPlaces(value))
export const windowFields = { stride: oneOrWholes, dilation: oneOrWholes, padding }

/** Windows over the spatial axes, one number per axis: tap k of window j lies on place j * stride + k * dilation - before. */
export type Windows = {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** Options made complete and checked for windows of extent `kernel`; what does not fit is refused as `operation` of `nodes`. */
export function windowsOf(operation: string, nodes: readonly Node[], kernel: readonly number[], options: WindowOptions): Windows {
  const refuse = (message: string): Error => shapeError(operation, message, ...nodes)
  const perAxis = (name: string, value: PerAxis, least: number): readonly number[] => {
    const values = typeof value === 'number' ? kernel.map(() => value) : value
    if (values.length === kernel.length && values.every((number) => Number.isSafeInteger(number) && number >= least)) return values
    throw refuse(`${name} must be a whole number >= ${least}, or one for each of ${kernel.length} spatial axes, not ${JSON.stringify(value)}`)
  }
  perAxis('the kernel', kernel, 1)
  const [stride, dilation] = [perAxis('stride', options.stride ?? 1, 1), perAxis('dilation', options.dilation ?? 1, 1)]
  const { padding = 0 } = options
  if (padding === 'same') {
    if (stride.some((step) => step !== 1)) throw refuse(`padding "same" needs a stride of 1, not ${JSON.stringify(stride)}`)
    const total = kernel.map((extent, axis) => dilation[axis]! * (extent - 1))
    return { kernel, stride, dilation, before: total.map((places) => Math.floor(places / 2)), after: total.map((places) => Math.ceil(places / 2)) }
  }
  const side = (index: 0 | 1): PerAxis => (typeof padding === 'number' ? padding : padding.map((places) => (typeof places === 'number' ? places : places[index])))
  return { kernel, stride, dilation, before: perAxis('padding', side(0), 0), after: perAxis('padding', side(1), 0) }
}

/** How many windows fit into places of `extents`: floor((extent + before + after - span) / stride) + 1, span = dilation * (kernel - 1) + 1. */
export function windowCounts(extents: readonly number[], { kernel, stride, dilation, before, after }: Windows): number[] {
  return extents.map((extent, axis) => Math.floor((extent + before[axis]! + after[axis]! - dilation[axis]! * (kernel[axis]! - 1) - 1) / stride[axis]!) + 1)
}

/**
 * For each window (row-major) and each of its taps (row-major) the place of `extents` it lies on, -1 where it lies outside: [windows * taps].
 * The plain meaning of a window, for values in float64.
 */
export function windowPlaces(extents: readonly number[], counts: readonly number[], { kernel, stride, dilation, before }: Omit<Windows, 'after'>): Int32Array {
  let [windows, taps, places] = [1, 1, Int32Array.of(0)]
  for (const [axis, extent] of extents.entries()) {
    const next = new Int32Array(windows * counts[axis]! * taps * kernel[axis]!)
    let at = 0
    for (let window = 0; window < windows; window++) {
      for (let j = 0; j < counts[axis]!; j++) {
        for (let tap = 0; tap < taps; tap++) {
          for (let k = 0; k < kernel[axis]!; k++) {
            const outer = places[window * taps + tap]!
            const place = j * stride[axis]! + k * dilation[axis]! - before[axis]!
            next[at++] = outer < 0 || place < 0 || place >= extent ? -1 : outer * extent + place
          }
        }
      }
    }
    ;[windows, taps, places] = [windows * counts[axis]!, taps * kernel[axis]!, next]
  }
  return places
}
