import type { Clip, Segment } from '../clip.ts'

/**
 * The clip made of the given frames of `clip`, which never run backwards (a frame may come twice). Everything that is per frame follows: joints, states,
 * raw, time, boxes, frame paths and phases; a phase without a frame left is gone. `time` keeps the original frame indices, fps stays that of the recording.
 */
export function selectFrames(clip: Clip, frames: ArrayLike<number>): Clip {
  const points = clip.persons * clip.joints
  return {
    ...clip,
    frames: frames.length,
    keypoints: rows(clip.keypoints, frames, points * (clip.dims + 1)),
    states: rows(clip.states, frames, points),
    raw: rows(clip.raw, frames, points * clip.dims),
    time: rows(clip.time, frames, 1),
    boxes: rows(clip.boxes, frames, 4),
    framePaths: clip.framePaths === null ? null : Array.from(frames, (frame) => clip.framePaths![frame]!),
    labels: { ...clip.labels, phases: clip.labels.phases === null ? null : phasesOf(clip.labels.phases, frames) },
  }
}

function rows<A extends Float32Array | Uint8Array | null>(array: A, frames: ArrayLike<number>, width: number): A
function rows(array: Float32Array | Uint8Array | null, frames: ArrayLike<number>, width: number): Float32Array | Uint8Array | null {
  if (array === null) return null
  const out = array instanceof Float32Array ? new Float32Array(frames.length * width) : new Uint8Array(frames.length * width)
  for (let row = 0; row < frames.length; row++) {
    out.set(array.subarray(frames[row]! * width, (frames[row]! + 1) * width), row * width)
  }
  return out
}

function phasesOf(phases: readonly Segment[], frames: ArrayLike<number>): Segment[] {
  const before = (end: number) => Array.from(frames).filter((frame) => frame < end).length
  return phases
    .map(({ start, end, label }) => ({ start: before(start), end: before(end), label }))
    .filter(({ start, end }) => start < end)
}
