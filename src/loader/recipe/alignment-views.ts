import { type Augmentation, augmentationSteps, chainOf, cutOnly, full, threadKernel, type Transform } from '../../transforms/index.ts'
import type { InputSpec } from '../embedding-batch.ts'
import { heatmapColumn, lengthColumn, maskColumn, startColumn, timeColumn } from './columns.ts'
import type { Recipe } from './recipe.ts'
import { viewRecipe } from './view-recipe.ts'

export type ViewOptions = InputSpec & {
  readonly seed: number
  /** A view's first frame is numbered 0 .. latestStart, drawn per view: what is learnt cannot rest on where a clip begins. 0 = always 0. */
  readonly latestStart?: number
  readonly first?: Partial<Augmentation>
  readonly second?: Partial<Augmentation>
}

/**
 * Two views of each of B clips as rows b and b + B: `patches` [2B, T, N, P], `mask` [2B, T], `time` [2B, T] the frame index in the whole clip (0 in padding),
 * `length` [2B] frames of the whole clip, `start` [2B] the number of each view's first frame. Of a pair, row b + B is of the partner.
 */
export function alignmentViews({ seed, latestStart = 0, first, second, ...spec }: ViewOptions): Recipe {
  return viewRecipe({
    seed,
    views: [{ ...cutOnly, ...first }, { ...full, ...second }].map((augmentation) => viewOf(augmentation, spec)),
    columns: [heatmapColumn(spec.frames, spec.heatmaps, threadKernel), maskColumn(spec.frames), timeColumn(spec.frames), lengthColumn, startColumn(latestStart)],
  })
}

/** What an augmentation makes of a clip for an encoder. */
export function viewOf(augmentation: Augmentation, { heatmaps: { skeleton }, frames, padding = 0.25 }: InputSpec): Transform {
  return chainOf(augmentationSteps(augmentation, { padding }), { skeleton, frames })
}
