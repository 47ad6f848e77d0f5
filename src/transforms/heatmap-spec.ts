import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { type LimbNames, namedLimbs, type Skeleton } from '../skeleton.ts'

/** What is drawn, and in which order of memory. */
export type HeatmapSpec = {
  readonly skeleton: Skeleton
  /** One channel per joint, per limb, or joints and then limbs. */
  readonly channels: 'joint' | 'limb' | 'both'
  /** The pairs of joints that have a limb's channel, in its order; those of the skeleton when not given. */
  readonly limbs?: LimbNames
  /** Pixels of a side. */
  readonly size: number
  /** Width of the Gaussian in pixels of the map. */
  readonly sigma: number
  /** null = [T, C, size, size]; p = [T, (size / p)^2, C p p], the patches row by row, inside a patch by channel, row, column. */
  readonly patch: number | null
  /** How far a map reaches, in sigmas: what lies beyond is 0. Default 5.31, which leaves out less than 1e-6; PoseC3D's 3 leaves out up to .011. */
  readonly reach?: number
}

/** A joint on the grid of a map: pixel column i of the map is at x = i. */
export type Point = { readonly x: number; readonly y: number; readonly confidence: number }

/** Below it a joint that does not lie on a pixel would be drawn nowhere, and far below, floats would make NaN of one that does. */
const leastSigma = 1e-3

/** Joints below this confidence are not drawn, nor is a limb that ends in one. */
export const leastConfidence = 1e-3

/** Whether a joint is located, certain enough, and near enough for floats. */
export function isDrawn({ x, y, confidence }: Point): boolean {
  return confidence >= leastConfidence && Math.abs(x) < 1e9 && Math.abs(y) < 1e9
}

/** What lies beyond is below e^-14.1 = 7.5e-7 in floats, and rounds to 0 in bytes. */
const usualReach = Math.sqrt(2 * 14.1)
const reachOfBytes = 3.54

/** How far a map reaches, in pixels, and by what a squared distance is multiplied to be the power of 2 that is the value, as a float. */
export function gaussianOf({ sigma, reach = usualReach }: HeatmapSpec, dtype: 'float32' | 'uint8'): { radius: number; scale: number } {
  const radius = (dtype === 'uint8' ? Math.min(reach, reachOfBytes) : reach) * sigma
  return { radius, scale: Math.fround(-Math.LOG2E / (2 * sigma * sigma)) }
}

/** The joints and limbs that have a channel, in channel order. Refuses sizes that do not fit with E_TRANSFORM_OPTION, limbs with E_LIMBS. */
export function channelsOf({ skeleton, channels, limbs: named, size, sigma, patch, reach = usualReach }: HeatmapSpec): {
  joints: readonly number[]; limbs: Skeleton['edges']; channels: number
} {
  if (!(Number.isInteger(size) && size > 0)) throw refused(`heatmaps of size ${size} x ${size}: the size is a whole number of pixels`)
  if (!(sigma >= leastSigma && sigma < Infinity)) throw refused(`heatmaps with sigma ${sigma}: sigma is at least ${leastSigma} pixels, and finite`)
  if (!(reach > 0)) throw refused(`heatmaps that reach ${reach} sigma: the reach is above 0`)
  if (patch !== null && size % patch !== 0) throw refused(`heatmaps of ${size} x ${size} do not divide into patches of ${patch} x ${patch}`)
  const joints = channels === 'limb' ? [] : skeleton.joints.map((_, joint) => joint)
  const limbs = channels === 'joint' ? [] : named === undefined ? skeleton.edges : namedLimbs(skeleton, named)
  return { joints, limbs, channels: joints.length + limbs.length }
}

function refused(message: string): ToolkitError {
  return new ToolkitError('E_TRANSFORM_OPTION', message)
}

/** The shape of the maps of `frames` frames. */
export function heatmapShape(frames: number, spec: HeatmapSpec): number[] {
  const { channels } = channelsOf(spec)
  return spec.patch === null
    ? [frames, channels, spec.size, spec.size]
    : [frames, (spec.size / spec.patch) ** 2, channels * spec.patch ** 2]
}

/** One person's joints in one frame on the grid: the clip's frame scaled to size x size, and half a pixel less, since continuous pixel centres are at .5. */
export function gridPoints(clip: Clip, { frame, person, size }: { frame: number; person: number; size: number }): Point[] {
  const width = clip.dims + 1
  const start = (frame * clip.persons + person) * clip.joints * width
  return Array.from({ length: clip.joints }, (_, joint) => {
    const at = start + joint * width
    return {
      x: (clip.keypoints![at]! * size) / clip.width - 0.5,
      y: (clip.keypoints![at + 1]! * size) / clip.height - 0.5,
      confidence: clip.keypoints![at + clip.dims]!,
    }
  })
}
