import { chainOf, type HeatmapKernel, threadKernel } from '../../transforms/index.ts'
import { heatmapColumn, lengthColumn, maskColumn, pointsColumn, startColumn, timeColumn } from './columns.ts'
import type { Recipe } from './recipe.ts'
import type { RecipeSpec } from './recipe-spec.ts'
import { type Column, viewRecipe } from './view-recipe.ts'
import { windowRecipe } from './window-recipe.ts'

/** The recipe that a spec describes; `kernel` draws its heatmaps. Throws E_TRANSFORM_UNKNOWN and E_TRANSFORM_OPTION for steps that do not exist or cannot be. */
export function recipeOf(spec: RecipeSpec, kernel: HeatmapKernel = threadKernel): Recipe {
  const { seed, skeleton, frames, views } = spec
  const long = viewRecipe({ seed, views: views.map((steps) => chainOf(steps, { skeleton, frames })), columns: columnsOf(spec, kernel) })
  return windowRecipe(spec, long) ?? long
}

function columnsOf({ skeleton, frames, heatmaps, points, latestStart }: RecipeSpec, kernel: HeatmapKernel): Column[] {
  return [
    ...(heatmaps === undefined ? [] : [heatmapColumn(frames, { ...heatmaps, skeleton }, kernel)]),
    ...(points === undefined ? [] : [pointsColumn(frames, { ...points, joints: skeleton.joints.length })]),
    maskColumn(frames), timeColumn(frames), lengthColumn,
    ...(latestStart === undefined ? [] : [startColumn(latestStart)]),
  ]
}
