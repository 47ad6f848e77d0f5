import { jitterOf } from './jitter.ts'

/** The poses of one person of one clip, made comparable: each frame centred and of length 1. */
export type PoseTrack = {
  readonly clip: string
  readonly person: number
  /** Frames of the clip between two poses: a power of 2. */
  readonly stride: number
  /** How many poses there are. */
  readonly frames: number
  /** Numbers per pose: joints times axes. */
  readonly size: number
  /** Freed of most jitter: what is searched by. */
  readonly smooth: Views
  /** Freed of little jitter, with every movement kept: what is compared. */
  readonly exact: Views
  /** Mean square of what jitter is left in a pose of `exact`; unknown (0) at a stride, where movement looks like it. */
  readonly jitter: number
}

/** Poses [frames, size] as they are, and as a mirror shows them, left and right joints swapped. */
export type Views = { readonly plain: Float32Array; readonly mirrored: Float32Array }

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
const SMOOTH = [1, 2, 3, 2, 1]
/** Fits a parabola to five frames: Savitzky and Golay 1964. */
const EXACT = [-3, 12, 17, 12, -3]

/**
 * A track that no longer knows where, how large or by which zoom it was seen. An absent joint is where its neighbours in time put it; one that is absent
 * in every frame is left out (at the centre). null = fewer than six joints are ever there.
 */
export function poseTrack({ dims, mirrorOrder, positions, ...track }: RawTrack): PoseTrack | null {
  const { frames, stride } = track
  const size = mirrorOrder.length * dims
  const filled = Float64Array.from(positions)
  const present = mirrorOrder.map((_, joint) => fillGaps(filled, { joint, dims, size, frames }))
  if (present.filter(Boolean).length < LEAST_JOINTS) return null
  fillAlwaysAbsent(filled, present, dims)
  const [smooth, exact] = [filtered(filled, frames, SMOOTH), filtered(filled, frames, EXACT)]
  const [, lengths] = [normalise(smooth, frames, { dims, present }), normalise(exact, frames, { dims, present })]
  const views = (plain: Float32Array): Views => ({ plain, mirrored: mirror(plain, dims, mirrorOrder) })
  return { ...track, size, smooth: views(smooth), exact: views(exact), jitter: stride > 1 ? 0 : jitterOf(filled, lengths) * gain(EXACT) }
}

/** Puts an absent joint on the line between its places before and after, or where it is first or last seen; false = it never is. */
function fillGaps(positions: Float64Array, { joint, dims, size, frames }: { joint: number; dims: number; size: number; frames: number }): boolean {
  const at = (frame: number): number => frame * size + joint * dims
  let before = -1
  for (let frame = 0; frame <= frames; frame++) {
    if (frame < frames && Number.isNaN(positions[at(frame)]!)) continue
    if (frame === frames && before === -1) return false
    for (let gap = before + 1; gap < frame; gap++) {
      const [from, to] = [before === -1 ? frame : before, frame === frames ? before : frame]
      const weight = from === to ? 0 : (gap - from) / (to - from)
      for (let axis = 0; axis < dims; axis++) positions[at(gap) + axis] = positions[at(from) + axis]! + weight * (positions[at(to) + axis]! - positions[at(from) + axis]!)
    }
    before = frame
  }
  return true
}

function fillAlwaysAbsent(positions: Float64Array, present: readonly boolean[], dims: number): void {
  for (let at = 0; at < positions.length; at++) if (!present[Math.floor(at / dims) % present.length]!) positions[at] = 0
}

/** Every coordinate weighted with those of the frames around; beyond the ends the movement goes on turned about its end. */
function filtered(positions: Float64Array, frames: number, kernel: readonly number[]): Float32Array {
  const [size, reach, weights] = [positions.length / frames, kernel.length >> 1, kernel.reduce((sum, weight) => sum + weight, 0)]
  const at = (frame: number, i: number): number => {
    const inside = Math.min(frames - 1, Math.max(0, frame))
    const turned = Math.min(frames - 1, Math.max(0, 2 * inside - frame))
    return inside === frame ? positions[frame * size + i]! : 2 * positions[inside * size + i]! - positions[turned * size + i]!
  }
  return Float32Array.from(positions, (_, index) => {
    const [frame, i] = [Math.floor(index / size), index % size]
    let sum = 0
    for (let shift = -reach; shift <= reach; shift++) sum += kernel[shift + reach]! * at(frame + shift, i)
    return sum / weights
  })
}

/** How much of the variance of jitter passes a kernel. */
function gain(kernel: readonly number[]): number {
  return kernel.reduce((sum, weight) => sum + weight ** 2, 0) / kernel.reduce((sum, weight) => sum + weight, 0) ** 2
}

/** Centres poses [frames, size] on the mean of their joints and gives them length 1, in place; the lengths that they had. */
function normalise(poses: Float32Array, frames: number, { dims, present }: { dims: number; present: readonly boolean[] }): Float64Array {
  const [size, count] = [present.length * dims, present.filter(Boolean).length]
  return Float64Array.from({ length: frames }, (_, frame) => {
    const pose = poses.subarray(frame * size, (frame + 1) * size)
    for (let axis = 0; axis < dims; axis++) {
      let centre = 0
      for (let joint = 0; joint < present.length; joint++) if (present[joint]!) centre += pose[joint * dims + axis]! / count
      for (let joint = 0; joint < present.length; joint++) pose[joint * dims + axis] = present[joint]! ? pose[joint * dims + axis]! - centre : 0
    }
    const length = Math.sqrt(pose.reduce((sum, value) => sum + value * value, 0))
    if (length > 0) for (let i = 0; i < size; i++) pose[i]! /= length
    return length
  })
}

function mirror(poses: Float32Array, dims: number, mirrorOrder: readonly number[]): Float32Array {
  const size = mirrorOrder.length * dims
  return poses.map((_, at) => {
    const [frame, joint, axis] = [Math.floor(at / size), Math.floor((at % size) / dims), at % dims]
    const value = poses[frame * size + mirrorOrder[joint]! * dims + axis]!
    return axis === 0 ? -value : value
  })
}
