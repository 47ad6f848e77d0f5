import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import type { Skeleton } from '../skeleton.ts'
import { sizeOf, type Tensor, tensor } from '../tensor.ts'
import { parentsOf, type PartName, partOf } from './anatomy.ts'

/** `skip` is the way from the parent's parent. */
export const streamNames = ['joint', 'bone', 'skip', 'joint-motion', 'bone-motion', 'skip-motion'] as const

export type StreamName = (typeof streamNames)[number]

/** What numbers of a clip a graph or a sequence model eats. */
export type StreamSpec = {
  readonly skeleton: Skeleton
  /** Their channels stand one after the other. */
  readonly streams: readonly StreamName[]
  /** Which joints; bones reach out of a part. Default: all. */
  readonly part?: PartName
  /** `frame`: x and y as (x - W / 2) / (W / 2), from -1 to 1 within the frame; `clip`: as the clip has them. */
  readonly unit: 'frame' | 'clip'
  /** Whether each stream's coordinates are followed by a confidence, of two joints their mean. */
  readonly confidence: boolean
}

/** [T, M, J, C] for a clip of `frames` frames. Refuses a part that the skeleton does not have with E_TRANSFORM_OPTION. */
export function streamsShape({ frames, persons, dims }: Pick<Clip, 'frames' | 'persons' | 'dims'>, { skeleton, streams, part = 'body', confidence }: StreamSpec): number[] {
  const joints = partOf(skeleton, part)
  if (joints.length === 0) throw new ToolkitError('E_TRANSFORM_OPTION', `the skeleton ${skeleton.name} has no part "${part}"`)
  return [frames, persons, joints.length, streams.length * (dims + Number(confidence))]
}

/**
 * The streams of a clip: joints; bones, from each joint's parent to it, of the root 0; skips, from its parent's parent, of the root and its children 0; their
 * motions, to the next frame, in the last one 0. What an absent joint takes part in is 0. PYSKL's `GenSkeFeat` with the tree of `parentsOf`: Duan et al., PYSKL, ACM MM 2022; parts as in PSUMNet, Trivedi and Sarvadevabhatla,
 * ECCV-W 2022; `skip` as in BRL, Liu et al., 2024.
 */
export function streams(clip: Clip, spec: StreamSpec, out?: Float32Array): Tensor {
  const shape = streamsShape(clip, spec)
  const { data } = tensor(shape, out ?? new Float32Array(sizeOf(shape)))
  data.fill(0)
  if (clip.keypoints === null) return { shape, data }
  const placed = { ...clip, keypoints: clip.keypoints, centre: spec.unit === 'frame' && clip.dims === 2 ? ([clip.width / 2, clip.height / 2] as const) : null }
  const parents = parentsOf(spec.skeleton)
  const joints = partOf(spec.skeleton, spec.part ?? 'body')
  const channels = clip.dims + Number(spec.confidence)
  let at = 0
  for (let body = 0; body < clip.frames * clip.persons; body++) {
    for (const joint of joints) {
      for (const stream of spec.streams) {
        const ends = endsOf(stream, joint, parents)
        writeStream(placed, { ...ends, isMotion: stream.endsWith('-motion') }, { body, data, at, channels })
        at += channels
      }
    }
  }
  return { shape, data }
}

/** Where a stream's vector of a joint begins (null = at the origin) and ends. */
type Ends = { readonly from: number | null; readonly to: number }

function endsOf(stream: StreamName, joint: number, parents: readonly number[]): Ends {
  if (stream.startsWith('joint')) return { from: null, to: joint }
  const parent = parents[joint]!
  if (stream.startsWith('bone')) return { from: parent, to: joint }
  return { from: parents[parent] === parent ? joint : parents[parent]!, to: joint }
}

type Placed = Clip & { readonly keypoints: Float32Array; readonly centre: readonly [number, number] | null }

function writeStream(clip: Placed, { isMotion, ...ends }: Ends & { isMotion: boolean }, { body, data, at, channels }: { body: number; data: Float32Array; at: number; channels: number }): void {
  const now = vectorAt(clip, body, ends)
  const isLast = body >= (clip.frames - 1) * clip.persons
  const next = isMotion && !isLast ? vectorAt(clip, body + clip.persons, ends) : null
  if (now === null || (isMotion && next === null)) return
  for (let axis = 0; axis < clip.dims; axis++) data[at + axis] = next === null ? now[axis]! : next[axis]! - now[axis]!
  if (channels > clip.dims) data[at + clip.dims] = next === null ? now[clip.dims]! : (now[clip.dims]! + next[clip.dims]!) / 2
}

/** A vector in one frame and its confidence; null where one of its ends is absent. */
function vectorAt(clip: Placed, body: number, { from, to }: Ends): number[] | null {
  const end = pointAt(clip, body, to)
  const start = from === null ? null : pointAt(clip, body, from)
  if (end.some(Number.isNaN) || start?.some(Number.isNaN) === true) return null
  if (start === null) return end
  return end.map((value, axis) => (axis === clip.dims ? (value + start[axis]!) / 2 : value - start[axis]!))
}

function pointAt({ keypoints, joints, dims, centre }: Placed, body: number, joint: number): number[] {
  const start = (body * joints + joint) * (dims + 1)
  const point = Array.from(keypoints.subarray(start, start + dims + 1))
  return centre === null ? point : [...point.slice(0, 2).map((value, axis) => (value - centre[axis]!) / centre[axis]!), point[2]!]
}
