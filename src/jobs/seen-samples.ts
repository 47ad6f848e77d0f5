import type { Clip } from '../clip.ts'
import { viewRecipe } from '../loader/recipe/view-recipe.ts'
import { type SampleRef, sampleOf } from '../loader/sample.ts'
import { chainOf } from '../transforms/index.ts'
import type { OpenLoader } from './open-loader.ts'
import { recordedDraws, type StepDraws } from './recorded-draws.ts'

/** A sample as training sees it: the clip of each view before its steps, after them, and what they drew. */
export type SeenSample = {
  readonly sample: number
  readonly epoch: number
  /** What names its draws: the clip's id, and which window or repetition of it. */
  readonly place: string
  readonly views: readonly { readonly whole: Clip; readonly seen: Clip; readonly drawn: readonly StepDraws[] }[]
}

/** The samples as the recipe of the loader makes them, watched on the way. */
export async function seenSamples(
  { source, about: { recipe: { views, seed, frames, skeleton } } }: OpenLoader, wanted: readonly { readonly sample: number; readonly ref: SampleRef }[],
): Promise<SeenSample[]> {
  let seen: SeenSample['views'][number][] = []
  const watched = views.map((steps) => {
    const transform = chainOf(steps, { skeleton, frames })
    return (...[whole, random]: Parameters<typeof transform>) => {
      const recorded = recordedDraws(random)
      const made = transform(whole, recorded.random)
      seen.push({ whole, seen: made, drawn: recorded.steps() })
      return made
    }
  })
  const recipe = viewRecipe({ seed, views: watched, columns: [] })
  const samples: SeenSample[] = []
  for (const { sample, ref } of wanted) {
    seen = []
    await recipe.draw(source, ref, { at: 0, samples: 1 }, { tensors: {}, bytes: {} })
    samples.push({ sample, epoch: ref.epoch, place: sampleOf(source, ref).place, views: seen })
  }
  return samples
}
