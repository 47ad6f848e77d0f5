import { setGridPoints } from '../../transforms/grid-points.ts'
import { checkPoints, fitted } from './columns.ts'
import type { Column } from './view-recipe.ts'

/** `points` [T, M, J, 3] on the grid of maps of `grid` px, of which a model draws the maps itself. */
export function gridPointsColumn(frames: number, { persons, joints, grid }: { persons: number; joints: number; grid: number }): Column {
  return {
    name: 'points', dtype: 'float32', shape: [frames, persons, joints, 3],
    draw({ seen }, row) {
      fitted(seen, frames)
      // more persons than there is room for: setGridPoints says what to set
      checkPoints(seen, { persons: seen.persons, joints, dims: seen.dims })
      setGridPoints(seen, { persons, size: grid }, row)
    },
  }
}
