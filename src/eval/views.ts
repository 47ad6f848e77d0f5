import type { Clip } from '../clip.ts'
import { type Random, randomAt } from '../random.ts'
import { crop } from '../transforms/crop.ts'
import { window } from '../transforms/cut.ts'
import { resampleAt } from '../transforms/resample.ts'
import { selectFrames } from '../transforms/select-frames.ts'
import { filmed, recounted } from './footage.ts'

/** Frames [start, end) of a clip as a metric shows them to an encoder, and where each frame of the view stands in the original clip. */
export type View = { readonly clip: Clip; readonly time: Float32Array; readonly start: number; readonly end: number }

/** Fewest frames of any view. */
export const FEWEST_FRAMES = 8

/**
 * Frames [start, end) of a clip (widened to 8 frames where the clip has them), at `speed` times the tempo by linear interpolation, in their own box, counted
 * from 0, without labels.
 */
export function viewOf(clip: Clip, start: number, end: number, speed = 1): View {
  const [first, last] = atLeast(FEWEST_FRAMES, Math.round(start), Math.round(end), clip.frames)
  const piece = window(filmed(clip), first, last)
  const warped = speed === 1 ? piece : resampleAt(piece, evenMoments(piece.frames, Math.max(FEWEST_FRAMES, Math.round(piece.frames / speed))), 'linear')
  return { ...bare(boxed(warped)), start: first, end: last }
}

/** A speed of exp(U(-ln 1.5, ln 1.5)): up to half as fast again, or as slow. */
export function drawSpeed(random: Random): number {
  return Math.exp(random.between(-Math.log(1.5), Math.log(1.5)))
}

/** The clip in its own tight square box (cropping draws nothing); nothing of where it was in the image is left. */
export function boxed(clip: Clip): Clip {
  return clip.keypoints === null ? clip : crop({ padding: 0 })(clip, randomAt({ seed: 0 }))
}

/** What an encoder may see: arrays, counted from 0, and the way to its pictures; no name, no labels, no files. `time` keeps the original frames beside it. */
export function bare(clip: Clip): View {
  const labels = { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] }
  return {
    clip: { ...recounted(clip), id: 'view', group: 'view', labels, raw: null, boxes: null, signals: null, calibration: null, flags: [], files: [] },
    time: clip.time, start: 0, end: clip.frames,
  }
}

/** A view shown from its last frame to its first, counted from 0. */
export function backwards(view: View): View {
  const order = Array.from({ length: view.clip.frames }, (_, t) => view.clip.frames - 1 - t)
  return { ...view, clip: recounted(selectFrames(view.clip, order)), time: view.time.toReversed() }
}

/** `count` moments evenly over `frames` frames, each the middle of its share of the time, held at the first and last frame. */
function evenMoments(frames: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.max(0, Math.min(frames - 1, ((i + 0.5) * frames) / count - 0.5)))
}

function atLeast(fewest: number, start: number, end: number, frames: number): readonly [number, number] {
  const length = Math.min(frames, Math.max(fewest, end - start))
  const first = Math.max(0, Math.min(start, frames - length))
  return [first, first + length]
}
