import { type Draws, placeWords, randomFrom } from '../../random.ts'
import { both, type Move, moversOf, type Step } from '../../transforms/index.ts'
import type { ClipSource } from '../clip-source.ts'
import { placeOf, type SampleRef } from '../sample.ts'
import { copyMoved, copyPoints } from './copy-points.ts'
import type { BatchTensors, Recipe } from './recipe.ts'
import type { RecipeSpec } from './recipe-spec.ts'

/**
 * The short way for the joints of a random window of whole clips, moved as a whole or not at all, with the bits of the long one: no clip is made, its joints go straight into the
 * batch, and what names a draw is hashed once. Null when the spec asks for anything else; `long` makes the samples that are windows or pairs, or of more than one person.
 */
export function windowRecipe(spec: RecipeSpec, long: Recipe): Recipe | null {
  const { seed, frames, skeleton, points } = spec
  const steps = stepsOf(spec)
  if (steps === null || points === undefined || points.persons !== 1) return null
  const { window, movers } = steps
  const perFrame = skeleton.joints.length * (points.dims + 1)
  const drawsOf = namedDraws(seed, ['random-window', ...movers.map(({ name }) => name)])
  return {
    layout: long.layout,
    draw(source, ref, place, out) {
      const keypoints = ref.window === null && ref.partner === null ? source.keypoints(ref.row) : null
      const length = source.clips.frames[ref.row]!
      if (keypoints === null || keypoints.length !== length * perFrame) return long.draw(source, ref, place, out)
      const start = drawsOf(source, ref, 0).integer(Math.max(0, length - window.frames) + 1)
      const frame = source.frame(ref.row)
      let move: Move | null = null
      for (const { position, move: mover } of movers) move = both(move, mover(frame, drawsOf(source, ref, position)))
      const real = Math.min(window.frames, length)
      fillRow(out.tensors, place.at, { keypoints, move, perFrame, dims: points.dims, start, real, shown: window.hold ? window.frames : real, length, frames })
    },
  }
}

type Movers = NonNullable<ReturnType<typeof moversOf>>

function stepsOf({ views, skeleton, frames, heatmaps, streams, pictures, latestStart }: RecipeSpec): { window: { frames: number; hold: boolean }; movers: Movers } | null {
  if (views.length !== 1 || [heatmaps, streams, pictures, latestStart].some((other) => other !== undefined)) return null
  const [first, ...rest] = views[0]!
  const window = first === undefined ? null : asWindow(first, frames)
  const movers = moversOf(rest, { skeleton, frames }, 1)
  return window === null || movers === null ? null : { window, movers }
}

function asWindow(step: Step, frames: number): { frames: number; hold: boolean } | null {
  if (step.name !== 'random-window') return null
  const { frames: wanted = frames, hold = false } = step
  return wanted <= frames ? { frames: wanted, hold } : null
}

/** Most words that are kept, 64 MB. */
const mostWords = 2 ** 24

/** The draws of the steps of view 0 of a sample, one step at a time. What stands for a clip's steps in the counter is kept, as long as there is room for all clips of a source. */
function namedDraws(seed: number, names: readonly string[]): (source: ClipSource, ref: SampleRef, position: number) => Draws {
  const at = randomFrom(seed)
  const kept = new WeakMap<ClipSource, Uint32Array>()
  return (source, ref, position) => {
    const { row, epoch, repeat } = ref
    const words = kept.get(source) ?? new Uint32Array(2 * names.length * source.clips.count <= mostWords ? 2 * names.length * source.clips.count : 0)
    kept.set(source, words)
    const slot = 2 * (row * names.length + position)
    if (repeat === 0 && slot < words.length && (words[slot] !== 0 || words[slot + 1] !== 0)) return at(epoch, words[slot]!, words[slot + 1]!)
    const [high, low] = placeWords({ clip: placeOf(source.clips.id(row), ref), view: 0, transform: names[position]!, position })
    if (repeat === 0 && slot < words.length) words.set([high, low], slot)
    return at(epoch, high, low)
  }
}

type Window = {
  readonly keypoints: Float32Array; readonly move: Move | null; readonly perFrame: number; readonly dims: number
  /** The window's first frame, how many frames of the clip it has, and with the last one held. */
  readonly start: number; readonly real: number; readonly shown: number
  /** Of the clip, and of the row. */
  readonly length: number; readonly frames: number
}

function fillRow({ points, mask, time, length: lengths }: BatchTensors['tensors'], at: number, { keypoints, move, perFrame, dims, start, real, shown, length, frames }: Window): void {
  const [data, times, first] = [points!.data, time!.data, at * frames]
  const piece = { at: first * perFrame, length: real * perFrame, dims }
  if (move === null) copyPoints(keypoints, start * perFrame, data, piece)
  else copyMoved(keypoints, start * perFrame, data, { ...piece, ...move })
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
