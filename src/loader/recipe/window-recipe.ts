import { randomAt } from '../../random.ts'
import type { Step } from '../../transforms/index.ts'
import { placeOf } from '../sample.ts'
import { copyPoints } from './columns.ts'
import type { BatchTensors, Recipe } from './recipe.ts'
import type { RecipeSpec } from './recipe-spec.ts'

/**
 * The short way for joints as they are in a random window of whole clips, with the bits of the long one: no clip is made, its joints go straight into the batch.
 * Null when the spec asks for anything else; `long` makes the samples that are windows or pairs, or of more than one person.
 */
export function windowRecipe({ seed, frames, skeleton, views, points, heatmaps, streams, pictures, latestStart }: RecipeSpec, long: Recipe): Recipe | null {
  const step = views.length === 1 && views[0]!.length === 1 ? asWindow(views[0]![0]!, frames) : null
  if (step === null || points === undefined || points.persons !== 1 || [heatmaps, streams, pictures, latestStart].some((other) => other !== undefined)) return null
  const perFrame = skeleton.joints.length * (points.dims + 1)
  return {
    layout: long.layout,
    draw(source, ref, place, out) {
      const { row, epoch, window, partner } = ref
      const keypoints = window === null && partner === null ? source.keypoints(row) : null
      const length = source.clips.frames[row]!
      if (keypoints === null || keypoints.length !== length * perFrame) return long.draw(source, ref, place, out)
      const random = randomAt({ seed, epoch, clip: placeOf(source.clips.id(row), ref), view: 0, transform: 'random-window', position: 0 })
      const start = random.integer(Math.max(0, length - step.frames) + 1)
      const real = Math.min(step.frames, length)
      const shown = step.hold ? step.frames : real
      fillRow(out.tensors, place.at, { keypoints, perFrame, dims: points.dims, start, real, shown, length, frames })
    },
  }
}

type Window = {
  readonly keypoints: Float32Array; readonly perFrame: number; readonly dims: number
  /** The window's first frame, how many frames of the clip it has, and with the last one held. */
  readonly start: number; readonly real: number; readonly shown: number
  /** Of the clip, and of the row. */
  readonly length: number; readonly frames: number
}

function fillRow({ points, mask, time, length: lengths }: BatchTensors['tensors'], at: number, { keypoints, perFrame, dims, start, real, shown, length, frames }: Window): void {
  const [data, times, first] = [points!.data, time!.data, at * frames]
  copyPoints(keypoints, start * perFrame, data, { at: first * perFrame, length: real * perFrame, dims })
  for (let frame = 0; frame < real; frame++) times[first + frame] = start + frame
  mask!.data.fill(1, first, first + shown)
  lengths!.data[at] = length
  for (let frame = real; frame < shown; frame++) {
    data.copyWithin((first + frame) * perFrame, (first + frame - 1) * perFrame, (first + frame) * perFrame)
    times[first + frame] = start + real - 1
  }
  if (shown === frames) return
  data.fill(0, (first + shown) * perFrame, (first + frames) * perFrame)
  times.fill(0, first + shown, first + frames)
  mask!.data.fill(0, first + shown, first + frames)
}

function asWindow(step: Step, frames: number): { frames: number; hold: boolean } | null {
  if (step.name !== 'random-window') return null
  const { frames: wanted = frames, hold = false } = step as { frames?: number; hold?: boolean }
  return wanted <= frames ? { frames: wanted, hold } : null
}
