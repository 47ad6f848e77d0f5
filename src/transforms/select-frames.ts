import type { Clip, Segment } from '../clip.ts'

/**
 * The clip made of the given frames of `clip`, which never run backwards (a frame may come twice). Everything that is per frame follows: joints, states,
 * raw, time, boxes, signals, phases and segments; one without a frame left is gone. `time` keeps the original frame indices, fps stays that of the recording.
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
    signals: clip.signals === null ? null : { ...clip.signals, values: rows(clip.signals.values, frames, clip.signals.names.length) },
    labels: {
      ...clip.labels, phases: clip.labels.phases === null ? null : segmentsOf(clip.labels.phases, frames), segments: segmentsOf(clip.labels.segments, frames),
    },
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

function segmentsOf<S extends Segment>(segments: readonly S[], frames: ArrayLike<number>): S[] {
  const before = (end: number) => Array.from(frames).filter((frame) => frame < end).length
  return segments
    .map((segment) => ({ ...segment, start: before(segment.start), end: before(segment.end) }))
    .filter(({ start, end }) => start < end)
}
