import { type CoordinatesSpec, coordinatesShape, setCoordinates } from '../../transforms/index.ts'
import { checkPoints, fitted } from './columns.ts'
import type { Column } from './view-recipe.ts'

/** `coordinates` [T, M, J, dims + 2]: joints as numbers, with confidence and whether they are absent; padding 0. */
export function coordinateColumn(frames: number, { joints, dims, ...spec }: CoordinatesSpec & { readonly joints: number; readonly dims: 2 | 3 }): Column {
  return {
    name: 'coordinates', dtype: 'float32', shape: coordinatesShape({ frames, joints, dims }, spec),
    draw({ seen }, row) {
      checkPoints(seen, { persons: spec.persons, joints, dims })
      fitted(seen, frames)
      setCoordinates(seen, spec, row)
    },
  }
}
