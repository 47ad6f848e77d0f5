import { fillGaps } from './fill-gaps.ts'
import { filterFrames, gainOf } from './filter-frames.ts'
import { jitterOfJoints } from './jitter.ts'
import { type PoseView, viewPoses } from './pose-view.ts'

/** The poses of one person of one clip. */
export type PoseTrack = {
  readonly clip: string
  readonly person: number
  /** Frames of the clip between two poses: a power of 2. */
  readonly stride: number
  /** How many poses there are. */
  readonly frames: number
  readonly dims: 2 | 3
  /** The joint that takes each joint's place in a mirror. */
  readonly mirrorOrder: readonly number[]
  /** All joints, freed of most jitter: what is searched by. */
  readonly plain: PoseView
  readonly mirrored: PoseView
  /** [frames, joints, dims], freed of little jitter and with every movement kept: what is compared. */
  readonly positions: Float32Array
  /** Joints that are known from the first to the last frame, but for gaps. */
  readonly isKnown: readonly boolean[]
  /** How much of its jitter each joint has in `positions`, as a variance; 0 at a stride, where movement looks like it. */
  readonly jitter: Float64Array
}

/** Coordinates as they were annotated: [frames, joints, dims], NaN = absent. */
export type RawTrack = Pick<PoseTrack, 'clip' | 'person' | 'stride' | 'frames' | 'dims' | 'mirrorOrder' | 'positions'>

/** Fewer joints make a pose that many others are like. */
export const LEAST_JOINTS = 6
/** A joint that is first seen late, or last seen early, is taken to have stood still; for so many frames that does no harm. */
const STANDING = 3
const SMOOTH = [1, 2, 3, 2, 1]
/** Fits a parabola to five frames: Savitzky and Golay 1964. */
const EXACT = [-3, 12, 17, 12, -3]

/** A track with its gaps filled and its jitter told from its movement; null = fewer than six joints are ever there, or they are all at one point. */
export function poseTrack({ positions: raw, ...track }: RawTrack): PoseTrack | null {
  const { frames, stride, dims, mirrorOrder } = track
  const joints = mirrorOrder.length
  const filled = Float64Array.from(raw)
  const standing = fillGaps(filled, { frames, joints, dims })
  const everSeen = mirrorOrder.map((_, joint) => joint).filter((joint) => standing[joint]! < frames)
  if (everSeen.length < LEAST_JOINTS) return null
  const smooth = { frames, dims, positions: filterFrames(filled, frames, SMOOTH) }
  const all = mirrorOrder.map((_, joint) => joint)
  const plain = viewPoses(smooth, all, { present: everSeen, isMirrored: false })
  if (plain.shrinking === 0) return null
  return {
    ...track,
    plain,
    mirrored: viewPoses(smooth, mirrorOrder, { present: everSeen, isMirrored: true }),
    positions: filterFrames(filled, frames, EXACT),
    isKnown: all.map((joint) => standing[joint]! <= STANDING),
    jitter: stride > 1 ? new Float64Array(joints) : jitterOfJoints(filled, { frames, joints, dims }).map((variance) => variance * gainOf(EXACT)),
  }
}
