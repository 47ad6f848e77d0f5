import type { Poses } from './pose-distance.ts'

/** Poses that no longer know where, how large and by which zoom they were seen: each centred on its joints and of length 1. */
export type PoseView = Poses & {
  /** Mean over frames of 1 / length squared, before: what a variance of positions becomes. */
  readonly shrinking: number
}

/** Joints that are so near one another, in whatever unit, squared, are at one point. */
const POINT = 1e-12

type Positions = { readonly frames: number; readonly dims: number; readonly positions: Float32Array }

/**
 * The poses of the joints named in `joints`, in that order; a mirror turns x. Those of them that are not `present` (as a rule all are) lie at the centre.
 */
export function viewPoses({ frames, dims, positions }: Positions, joints: readonly number[], { present = joints, isMirrored }: { present?: readonly number[]; isMirrored: boolean }): PoseView {
  const [size, step] = [joints.length * dims, positions.length / frames]
  const isPresent = joints.map((joint) => present.includes(joint))
  const count = isPresent.filter(Boolean).length
  const poses = new Float32Array(frames * size)
  let shrinking = 0
  for (let frame = 0; frame < frames; frame++) {
    let squares = 0
    for (let axis = 0; axis < dims; axis++) {
      let centre = 0
      for (let at = 0; at < joints.length; at++) if (isPresent[at]!) centre += positions[frame * step + joints[at]! * dims + axis]! / count
      for (let at = 0; at < joints.length; at++) {
        const value = isPresent[at]! ? positions[frame * step + joints[at]! * dims + axis]! - centre : 0
        poses[frame * size + at * dims + axis] = isMirrored && axis === 0 ? -value : value
        squares += value * value
      }
    }
    if (squares < POINT) {
      poses.fill(0, frame * size, (frame + 1) * size)
      continue
    }
    shrinking += 1 / squares / frames
    for (let at = frame * size; at < (frame + 1) * size; at++) poses[at]! /= Math.sqrt(squares)
  }
  return { frames, size, poses, shrinking }
}
