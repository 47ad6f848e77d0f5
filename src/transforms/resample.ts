import type { Clip } from '../clip.ts'
import { selectFrames } from './select-frames.ts'
import { checkCount, type Transform } from './transform.ts'

/**
 * A clip longer than `frames` is thinned to `frames` frames, evenly from its first to its last, each the nearest real frame; a shorter one stays.
 * Draws nothing.
 */
export function resample({ frames = 64 }: { frames?: number } = {}): Transform {
  checkCount('frames', frames, 1)
  return (clip) => (clip.frames <= frames ? clip : selectFrames(clip, evenFrames(clip.frames, frames)))
}

/** round(i (length - 1) / (count - 1)) for i = 0 .. count - 1, halves upwards, in integers; the first frame for a count of 1. */
export function evenFrames(length: number, count: number): number[] {
  const steps = Math.max(1, count - 1)
  return Array.from({ length: count }, (_, i) => Math.floor((2 * i * (length - 1) + steps) / (2 * steps)))
}

/**
 * The clip seen at the given moments, in frames of `clip` (0 .. frames - 1), which never run backwards: a speed warp.
 * `nearest` takes real frames, halves upwards.
 * `linear` puts joints, boxes and time between the two frames around a moment where both have them, else what the nearest frame has; states, phases and
 * frame paths are those of the nearest frame.
 */
export function resampleAt(clip: Clip, moments: ArrayLike<number>, method: 'nearest' | 'linear' = 'nearest'): Clip {
  checkMoments(clip, moments)
  const near = selectFrames(clip, Array.from(moments, (moment) => Math.floor(moment + 0.5)))
  return method === 'nearest' ? near : interpolated(clip, near, moments)
}

function interpolated(clip: Clip, near: Clip, moments: ArrayLike<number>): Clip {
  const { keypoints, time, boxes } = near
  return {
    ...near,
    keypoints: keypoints && between(clip.keypoints!, keypoints, moments, clip.dims + 1),
    raw: null,
    time: between(clip.time, time, moments, 1),
    boxes: boxes && between(clip.boxes!, boxes, moments, 4),
  }
}

/** Per frame and group of `width` numbers: the mix of the frames before and after a moment, or `chosen` where one of them has a NaN. */
function between(array: Float32Array, chosen: Float32Array, moments: ArrayLike<number>, width: number): Float32Array {
  const out = chosen.slice()
  const row = chosen.length / moments.length
  for (let frame = 0; frame < moments.length; frame++) {
    const before = Math.floor(moments[frame]!)
    const weight = moments[frame]! - before
    if (weight === 0) continue
    for (let at = 0; at < row; at += width) mix(array, before * row + at, { next: row, weight, width, out, to: frame * row + at })
  }
  return out
}

/** `width` numbers at `from` and as many `next` further on, mixed into `out`; nothing when one of them is NaN. */
function mix(array: Float32Array, from: number, { next, weight, width, out, to }: { next: number; weight: number; width: number; out: Float32Array; to: number }): void {
  for (let i = from; i < from + width; i++) if (Number.isNaN(array[i]! + array[i + next]!)) return
  for (let i = 0; i < width; i++) out[to + i] = Math.fround(array[from + i]! * (1 - weight) + array[from + i + next]! * weight)
}

function checkMoments(clip: Clip, moments: ArrayLike<number>): void {
  for (let i = 0; i < moments.length; i++) {
    if (!(moments[i]! >= (i === 0 ? 0 : moments[i - 1]!) && moments[i]! <= clip.frames - 1)) {
      throw new Error(`moment ${i} of ${clip.id} is ${moments[i]}: moments rise within 0 .. ${clip.frames - 1}`)
    }
  }
}
