import { ABSENT, type Clip } from '../clip.ts'
import type { Skeleton } from '../skeleton.ts'
import { median } from './median.ts'

/** One person of a clip, laid out joint after joint: what the checks of movement read. */
export type Body = {
  /** Its number; null = the clip has no other. */
  readonly person: number | null
  readonly skeleton: Skeleton
  readonly frames: number
  readonly dims: 2 | 3
  /** [J, T, dims]; NaN where a joint is absent. */
  readonly points: Float32Array
  /** [J, T] of OBSERVED, OCCLUDED, ABSENT. */
  readonly states: Uint8Array
  /** [J, T] */
  readonly confidences: Float32Array
  /** [edges, T] lengths of the bones, NaN where an end is absent. */
  readonly bones: Float32Array
  /** The median bone length over bones and frames, in the unit of the clip: what movements are measured in. NaN = no bone was ever located. */
  readonly bone: number
}

/** The persons of a clip, each laid out joint after joint. None for a clip without keypoints. */
export function bodiesOf(clip: Clip, skeleton: Skeleton): Body[] {
  const { keypoints, states } = clip
  if (keypoints === null || states === null) return []
  return Array.from({ length: clip.persons }, (_, person) => bodyOf(clip, { keypoints, states }, { skeleton, person }))
}

type Rows = { readonly keypoints: Float32Array; readonly states: Uint8Array }
type Who = { readonly skeleton: Skeleton; readonly person: number }

function bodyOf({ frames, persons, joints, dims }: Clip, { keypoints, states: all }: Rows, { skeleton, person }: Who): Body {
  const points = new Float32Array(joints * frames * dims)
  const states = new Uint8Array(joints * frames)
  const confidences = new Float32Array(joints * frames)
  for (let joint = 0, at = 0; joint < joints; joint++) {
    for (let frame = 0; frame < frames; frame++, at++) {
      const cell = (frame * persons + person) * joints + joint
      for (let axis = 0; axis < dims; axis++) points[at * dims + axis] = all[cell] === ABSENT ? NaN : keypoints[cell * (dims + 1) + axis]!
      states[at] = all[cell]!
      confidences[at] = keypoints[cell * (dims + 1) + dims]!
    }
  }
  const bones = new Float32Array(skeleton.edges.length * frames)
  for (const [edge, [a, b]] of skeleton.edges.entries()) {
    for (let frame = 0; frame < frames; frame++) bones[edge * frames + frame] = distance({ points, dims }, a * frames + frame, b * frames + frame)
  }
  return { person: persons === 1 ? null : person, skeleton, frames, dims, points, states, confidences, bones, bone: median(bones) }
}

/** The distance between two places `joint * frames + frame`; NaN when one of them is absent. */
export function distance({ points, dims }: Pick<Body, 'points' | 'dims'>, a: number, b: number): number {
  const x = points[a * dims]! - points[b * dims]!
  const y = points[a * dims + 1]! - points[b * dims + 1]!
  const z = dims === 2 ? 0 : points[a * dims + 2]! - points[b * dims + 2]!
  return Math.sqrt(x * x + y * y + z * z)
}

/** How far a joint goes from the frame before to `frame`, in bone lengths; NaN at the first frame and where it is absent. */
export function stepOf(body: Body, joint: number, frame: number): number {
  return frame <= 0 || frame >= body.frames ? NaN : distance(body, joint * body.frames + frame - 1, joint * body.frames + frame) / body.bone
}
