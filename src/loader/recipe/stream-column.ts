import { type StreamSpec, streams, streamsShape } from '../../transforms/index.ts'
import { checkPoints, fitted } from './columns.ts'
import type { PointsSpec } from './recipe-spec.ts'
import type { Column } from './view-recipe.ts'

/** `streams` [T, M, J, C]: joints, bones and motions as numbers, padding and persons who are not there 0. */
export function streamColumn(frames: number, { persons, dims, ...spec }: StreamSpec & PointsSpec): Column {
  const shape = streamsShape({ frames, persons, dims }, spec)
  const perPerson = shape[2]! * shape[3]!
  return {
    name: 'streams', dtype: 'float32', shape,
    draw({ seen }, row) {
      checkPoints(seen, { persons, dims, joints: spec.skeleton.joints.length })
      fitted(seen, frames)
      const { data } = streams(seen, spec)
      row.fill(0)
      for (let frame = 0; frame < seen.frames; frame++) {
        row.set(data.subarray(frame * seen.persons * perPerson, (frame + 1) * seen.persons * perPerson), frame * persons * perPerson)
      }
    },
  }
}
