import { type Draws, placeWords, randomFrom } from '../../random.ts'
import { both, type Move, moversOf, type Step } from '../../transforms/index.ts'
import type { ClipSource } from '../clip-source.ts'
import { placeOf, type SampleRef } from '../sample.ts'
import { createJointKernel } from './joint-kernel.ts'
import type { Recipe } from './recipe.ts'
import type { RecipeSpec } from './recipe-spec.ts'

/**
 * The short way for the joints of a random window of whole clips, moved as a whole or not at all, with the bits of the long one: no clip is made, its joints go straight into the
 * batch, and what names a draw is hashed once. Null when the spec asks for anything else; `long` makes the samples that are windows or pairs, and refuses those of other joints than a row has room for, or fills up persons who are not there.
 */
export function windowRecipe(spec: RecipeSpec, long: Recipe): Recipe | null {
  const { seed, frames, skeleton, points } = spec
  const steps = stepsOf(spec)
  if (steps === null || points === undefined) return null
  const { window, movers } = steps
  const row = { frames, persons: points.persons, joints: skeleton.joints.length, width: points.dims + 1 }
  const kernel = createJointKernel(row)
  const drawsOf = namedDraws(seed, ['random-window', ...movers.map(({ name }) => name)])
  return {
    layout: long.layout,
    draw(source, ref, place, out) {
      const length = source.clips.frames[ref.row]!
      if (ref.window !== null || ref.partner !== null || length === 0) return long.draw(source, ref, place, out)
      const shape = source.shape(ref.row)
      if (shape.persons !== row.persons || shape.joints !== row.joints || shape.dims !== points.dims || (movers.length > 0 && source.unit(ref.row) !== 'px')) return long.draw(source, ref, place, out)
      const draws = drawsOf(source, ref)
      const start = draws(0).integer(Math.max(0, length - window.frames) + 1)
      const real = Math.min(window.frames, length)
      const keypoints = source.keypoints(ref.row, start, start + real)
      if (keypoints === null) return long.draw(source, ref, place, out)
      let move: Move | null = null
      for (const { position, move: mover } of movers) move = both(move, mover(shape, draws(position)))
      kernel.draw({ keypoints, move, start, real, shown: window.hold ? window.frames : real }, source.memories, out.tensors, place.at)
      out.tensors['length']!.data[place.at] = length
    },
  }
}

type Movers = NonNullable<ReturnType<typeof moversOf>>

function stepsOf({ views, skeleton, frames, heatmaps, streams, coordinates, pictures, latestStart }: RecipeSpec): { window: { frames: number; hold: boolean }; movers: Movers } | null {
  if (views.length !== 1 || [heatmaps, streams, coordinates, pictures, latestStart].some((other) => other !== undefined)) return null
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

/**
 * The draws of the steps of view 0 of a sample, one step at a time and one sample at a time. What stands for a clip's steps in the counter is kept, as long as there is room for all
 * clips of a source.
 */
function namedDraws(seed: number, names: readonly string[]): (source: ClipSource, ref: SampleRef) => (position: number) => Draws {
  const at = randomFrom(seed)
  let [known, words]: [ClipSource | null, Uint32Array] = [null, new Uint32Array()]
  let [source, ref]: [ClipSource | null, SampleRef | null] = [null, null]

  function draws(position: number): Draws {
    const { row, epoch, repeat } = ref!
    const slot = 2 * (row * names.length + position)
    const isKept = repeat === 0 && slot < words.length
    if (isKept && (words[slot] !== 0 || words[slot + 1] !== 0)) return at(epoch, words[slot]!, words[slot + 1]!)
    const [high, low] = placeWords({ clip: placeOf(source!.clips.id(row), ref!), view: 0, transform: names[position]!, position })
    if (isKept) words.set([high, low], slot)
    return at(epoch, high, low)
  }
  return (from, one) => {
    [source, ref] = [from, one]
    if (known !== from) {
      const wanted = 2 * names.length * from.clips.count
      known = from
      words = new Uint32Array(wanted <= mostWords ? wanted : 0)
    }
    return draws
  }
}
