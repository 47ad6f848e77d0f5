import type { Skeleton } from '../../skeleton.ts'
import type { CoordinatesSpec, HeatmapSpec, Step, StreamSpec } from '../../transforms/index.ts'
import type { PictureSpec } from '../frames/index.ts'

/** A recipe as plain data: what crosses to other threads, and what a run keeps. Every batch also has `mask`, `time` and `length`. */
export type RecipeSpec = {
  readonly seed: number
  readonly skeleton: Skeleton
  /** T: shorter views are padded, longer ones refused. */
  readonly frames: number
  /** The steps of each view. */
  readonly views: readonly (readonly Step[])[]
  /** `patches` or `heatmaps`. */
  readonly heatmaps?: Omit<HeatmapSpec, 'skeleton'>
  /** `points` [T, M, J, dims + 1]. */
  readonly points?: PointsSpec
  /** `streams` [T, M, J, C]. */
  readonly streams?: Omit<StreamSpec, 'skeleton'> & Omit<PointsSpec, 'grid'>
  /** `coordinates` [T, M, J, dims + 2]. */
  readonly coordinates?: CoordinatesSpec & Omit<PointsSpec, 'grid'>
  /** `pictures`, of each view. */
  readonly pictures?: PictureSpec
  /** `start`: the number of a view's first frame, drawn from 0 .. latestStart. */
  readonly latestStart?: number
}

/** Room for persons, and coordinates per joint before its confidence. */
export type PointsSpec = {
  readonly persons: number
  readonly dims: 2 | 3
  /** x, y and confidence alone, on the grid of heatmaps of so many px, which a model draws of them (docs/heatmaps.md); not given = px of the view. */
  readonly grid?: number
}
