import { ToolkitError } from '../../errors.ts'
import { chainOf, type HeatmapKernel, threadKernel } from '../../transforms/index.ts'
import type { FrameSource } from '../frames/index.ts'
import { heatmapColumn, lengthColumn, maskColumn, pointsColumn, startColumn, timeColumn } from './columns.ts'
import { coordinateColumn } from './coordinate-column.ts'
import { inOneUnit } from './frame-unit.ts'
import { gridPointsColumn } from './grid-points-column.ts'
import { pictureColumn } from './picture-column.ts'
import type { Recipe } from './recipe.ts'
import type { PointsSpec, RecipeSpec } from './recipe-spec.ts'
import { streamColumn } from './stream-column.ts'
import { type Column, viewRecipe } from './view-recipe.ts'
import { windowRecipe } from './window-recipe.ts'

/** What a recipe draws with: this thread's kernel and no pictures, unless given. */
export type RecipeTools = { readonly kernel?: HeatmapKernel; readonly pictures?: FrameSource }

/**
 * The recipe that a spec describes. Throws E_TRANSFORM_UNKNOWN and E_TRANSFORM_OPTION for steps that do not exist or cannot be, E_PICTURE_SPEC for such pictures, E_LOADER_FRAMES for rows of no frames.
 * Of clips that are not in px it draws nothing by their frame: E_TRANSFORM_UNIT.
 */
export function recipeOf(spec: RecipeSpec, tools: RecipeTools = {}): Recipe {
  const { seed, skeleton, frames, views } = spec
  if (!(Number.isSafeInteger(frames) && frames >= 1)) throw new ToolkitError('E_LOADER_FRAMES', `rows of ${frames} frames`, { hint: 'choose a whole number of frames, 1 at least' })
  const long = viewRecipe({ seed, views: views.map((steps) => inOneUnit(steps, chainOf(steps, { skeleton, frames }))), columns: columnsOf(spec, tools) })
  return (spec.points?.grid === undefined ? windowRecipe(spec, long) : null) ?? long
}

function columnsOf(spec: RecipeSpec, tools: RecipeTools): Column[] {
  const { frames, latestStart } = spec
  return [...inputColumns(spec, tools), maskColumn(frames), timeColumn(frames), lengthColumn, ...(latestStart === undefined ? [] : [startColumn(latestStart)])]
}

/** What of a view reaches a model, each as a tensor of its own. */
export function inputColumns(
  { skeleton, frames, heatmaps, points, streams, coordinates, pictures }: Omit<RecipeSpec, 'seed' | 'views'>, { kernel = threadKernel, pictures: source = noPictures }: RecipeTools = {},
): Column[] {
  return [
    ...(heatmaps === undefined ? [] : [heatmapColumn(frames, { ...heatmaps, skeleton }, kernel)]),
    ...(points === undefined ? [] : [pointsOf(points, { frames, joints: skeleton.joints.length })]),
    ...(streams === undefined ? [] : [streamColumn(frames, { ...streams, skeleton })]),
    ...(coordinates === undefined ? [] : [coordinateColumn(frames, { ...coordinates, joints: skeleton.joints.length })]),
    ...(pictures === undefined ? [] : [pictureColumn(frames, pictures, source)]),
  ]
}

function pointsOf({ grid, ...points }: PointsSpec, { frames, joints }: { frames: number; joints: number }): Column {
  return grid === undefined ? pointsColumn(frames, { ...points, joints }) : gridPointsColumn(frames, { ...points, joints, grid })
}

const noPictures: FrameSource = {
  jpeg: () => { throw new ToolkitError('E_PICTURE_MISSING', 'the batches have pictures, and there is no source of them') },
}
