import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import type { Tensor } from '../../tensor.ts'
import { axis, filled } from '../joint-signal.ts'

/** `baseline/coordinates`: the joints themselves, [T, J x dims], in the clip's box: what a single pose says, with no sense of direction. */
export const coordinates: Encoder = {
  name: 'baseline/coordinates',
  embed: async (clips) => clips.map((clip) => toTensor(clip, normalisedCoordinates(clip))),
}

/**
 * x, y (, z) of each joint of the first person over time, J x dims signals [T]: minus the middle of the clip's tight box, over its longer side (x, y; at least
 * 1 px);
 * absent joints interpolated in time, 0 when never located. `floors/penn.py` has the same in numpy.
 */
export function normalisedCoordinates(clip: Clip): Float64Array[] {
  const signals = Array.from({ length: clip.keypoints === null ? 0 : clip.joints * clip.dims },
    (_, index) => axis(clip, Math.floor(index / clip.dims), index % clip.dims))
  const boxes = Array.from({ length: clip.dims }, (_, dimension) => rangeOf(signals.filter((_, index) => index % clip.dims === dimension)))
  const side = Math.max(1, ...boxes.slice(0, 2).map(([low, high]) => high - low))
  return signals.map((signal, index) => {
    const [low, high] = boxes[index % clip.dims]!
    return filled(signal.map((value) => (value - (low + high) / 2) / side)) ?? new Float64Array(clip.frames)
  })
}

/** Signals [T] side by side as [T, d]; d = 1 of zeros when there is none. */
export function toTensor(clip: Clip, signals: readonly Float64Array[]): Tensor {
  const dims = Math.max(1, signals.length)
  const data = new Float32Array(clip.frames * dims)
  for (const [k, signal] of signals.entries()) for (const [t, value] of signal.entries()) data[t * dims + k] = value
  return { shape: [clip.frames, dims], data }
}

function rangeOf(signals: readonly Float64Array[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const signal of signals) {
    for (const value of signal) {
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low > high ? [0, 0] : [low, high]
}
