import { randomAt } from '../../random.ts'
import type { Step } from '../../transforms/index.ts'
import { placeOf } from '../sample.ts'
import { copyPoints } from './columns.ts'
import type { Recipe } from './recipe.ts'
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
      const { at } = place
      const [data, mask, time, lengths] = ['points', 'mask', 'time', 'length'].map((name) => out.tensors[name]!.data) as [Float32Array, Float32Array, Float32Array, Float32Array]
      copyPoints(keypoints, start * perFrame, data, { at: at * frames * perFrame, length: real * perFrame, dims: points.dims })
      for (let frame = 0; frame < frames; frame++) {
        const cell = at * frames + frame
        mask[cell] = frame < shown ? 1 : 0
        time[cell] = frame < shown ? start + Math.min(frame, real - 1) : 0
        if (frame >= real && frame < shown) data.copyWithin(cell * perFrame, (cell - 1) * perFrame, cell * perFrame)
      }
      if (shown < frames) data.fill(0, (at * frames + shown) * perFrame, (at + 1) * frames * perFrame)
      lengths[at] = length
    },
  }
}

function asWindow(step: Step, frames: number): { frames: number; hold: boolean } | null {
  if (step.name !== 'random-window') return null
  const { frames: wanted = frames, hold = false } = step as { frames?: number; hold?: boolean }
  return wanted <= frames ? { frames: wanted, hold } : null
}
