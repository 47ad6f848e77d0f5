/** The poses of one person of one clip, made comparable: each frame centred, of length 1, smoothed in time. */
export type PoseTrack = {
  readonly clip: string
  readonly person: number
  /** Frames of the clip between two poses: a power of 2. */
  readonly stride: number
  /** How many poses there are. */
  readonly frames: number
  /** Numbers per pose: joints times axes. */
  readonly size: number
  /** [frames, size]. */
  readonly poses: Float32Array
  /** The same poses as a mirror shows them, left and right joints swapped. */
  readonly mirrored: Float32Array
}

/** Coordinates as they were annotated. */
export type RawTrack = Pick<PoseTrack, 'clip' | 'person' | 'stride' | 'frames'> & {
  readonly dims: 2 | 3
  /** The joint that takes each joint's place in a mirror. */
  readonly mirrorOrder: readonly number[]
  /** [frames, joints, dims]; NaN = absent. */
  readonly positions: Float32Array
}

/** Fewer joints make a pose that many others are like. */
const LEAST_JOINTS = 6
/** Takes most of an annotator's jitter, which is new in every frame, and little of a movement. */
const SMOOTHING = [1, 2, 3, 2, 1]

/**
 * A track that no longer knows where, how large or by which zoom it was seen. An absent joint is where its neighbours in time put it; one that is absent
 * in every frame is left out (at the centre). null = fewer than six joints are ever there.
 */
export function poseTrack({ dims, mirrorOrder, positions, ...track }: RawTrack): PoseTrack | null {
  const size = mirrorOrder.length * dims
  const filled = Float64Array.from(positions)
  const present = mirrorOrder.map((_, joint) => fillGaps(filled, { joint, dims, size, frames: track.frames }))
  if (present.filter(Boolean).length < LEAST_JOINTS) return null
  const poses = smoothed(filled, track.frames, size)
  for (let frame = 0; frame < track.frames; frame++) normalise(poses.subarray(frame * size, (frame + 1) * size), dims, present)
  return { ...track, size, poses, mirrored: mirror(poses, dims, mirrorOrder) }
}

/** Puts an absent joint on the line between its places before and after, or where it is first or last seen; false = it never is. */
function fillGaps(positions: Float64Array, { joint, dims, size, frames }: { joint: number; dims: number; size: number; frames: number }): boolean {
  const at = (frame: number): number => frame * size + joint * dims
  let before = -1
  for (let frame = 0; frame <= frames; frame++) {
    if (frame < frames && Number.isNaN(positions[at(frame)]!)) continue
    if (frame === frames && before === -1) return false
    for (let gap = before + 1; gap < frame; gap++) {
      const weight = before === -1 ? 1 : frame === frames ? 0 : (gap - before) / (frame - before)
      for (let axis = 0; axis < dims; axis++) {
        const [from, to] = [positions[at(before === -1 ? frame : before) + axis]!, positions[at(frame === frames ? before : frame) + axis]!]
        positions[at(gap) + axis] = from + weight * (to - from)
      }
    }
    before = frame
  }
  return true
}

function smoothed(positions: Float64Array, frames: number, size: number): Float32Array {
  const reach = SMOOTHING.length >> 1
  return Float32Array.from(positions, (_, at) => {
    const frame = Math.floor(at / size)
    let [sum, weights] = [0, 0]
    for (let shift = Math.max(-reach, -frame); shift <= Math.min(reach, frames - 1 - frame); shift++) {
      sum += SMOOTHING[shift + reach]! * positions[at + shift * size]!
      weights += SMOOTHING[shift + reach]!
    }
    return sum / weights
  })
}

/** Centres a pose on the mean of its joints and gives it length 1, in place. */
function normalise(pose: Float32Array, dims: number, present: readonly boolean[]): void {
  const count = present.filter(Boolean).length
  let length = 0
  for (let axis = 0; axis < dims; axis++) {
    let centre = 0
    for (let joint = 0; joint < present.length; joint++) if (present[joint]!) centre += pose[joint * dims + axis]! / count
    for (let joint = 0; joint < present.length; joint++) {
      const at = joint * dims + axis
      pose[at] = present[joint]! ? pose[at]! - centre : 0
      length += pose[at]! ** 2
    }
  }
  if (length > 0) for (let at = 0; at < pose.length; at++) pose[at]! /= Math.sqrt(length)
}

function mirror(poses: Float32Array, dims: number, mirrorOrder: readonly number[]): Float32Array {
  const size = mirrorOrder.length * dims
  return poses.map((_, at) => {
    const [frame, joint, axis] = [Math.floor(at / size), Math.floor((at % size) / dims), at % dims]
    const value = poses[frame * size + mirrorOrder[joint]! * dims + axis]!
    return axis === 0 ? -value : value
  })
}
