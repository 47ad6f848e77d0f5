import type { Clip, Segment } from '../clip.ts'

/**
 * The clip made of the given frames of `clip`, in any order (a frame may come twice). Everything that is per frame follows: joints, states, raw, time, boxes,
 * signals, phases and segments; one without a frame left is gone, one whose frames no longer stand together becomes several. `time` keeps the original frame
 * indices, fps stays that of the recording.
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
  // runs of frames that follow one another go over in one piece
  for (let row = 0, end; row < frames.length; row = end) {
    const first = frames[row]!
    for (end = row + 1; end < frames.length && frames[end] === first + end - row; end++);
    copyPiece(array, first * width, out, { at: row * width, length: (end - row) * width })
  }
  return out
}

/** A few numbers one by one: a view and a call of `set` cost more than they do. */
function copyPiece(array: Float32Array | Uint8Array, from: number, out: Float32Array | Uint8Array, { at, length }: { at: number; length: number }): void {
  if (length > 64) out.set(array.subarray(from, from + length), at)
  else for (let i = 0; i < length; i++) out[at + i] = array[from + i]!
}

function segmentsOf<S extends Segment>(segments: readonly S[], frames: ArrayLike<number>): S[] {
  if (!isRising(frames)) return scattered(segments, frames)
  return segments
    .map((segment) => ({ ...segment, start: countBefore(frames, segment.start), end: countBefore(frames, segment.end) }))
    .filter(({ start, end }) => start < end)
}

function isRising(frames: ArrayLike<number>): boolean {
  for (let i = 1; i < frames.length; i++) if (frames[i]! < frames[i - 1]!) return false
  return true
}

/** Every run of frames that lie in a segment is a segment of its own: in order of track, start, end. */
function scattered<S extends Segment & { readonly track?: string }>(segments: readonly S[], frames: ArrayLike<number>): S[] {
  const runs: S[] = []
  for (const segment of segments) {
    for (let start = 0, end; start < frames.length; start = end) {
      const isWithin = (at: number): boolean => frames[at]! >= segment.start && frames[at]! < segment.end
      for (end = start + 1; end < frames.length && isWithin(end) === isWithin(start); end++);
      if (isWithin(start)) runs.push({ ...segment, start, end })
    }
  }
  const byTrack = (a: string | undefined, b: string | undefined): number => (a === b ? 0 : a! < b! ? -1 : 1)
  return runs.sort((a, b) => byTrack(a.track, b.track) || a.start - b.start || a.end - b.end)
}

/** How many of the frames, which never run backwards, lie before one. */
function countBefore(frames: ArrayLike<number>, end: number): number {
  let [low, high] = [0, frames.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (frames[middle]! < end) low = middle + 1
    else high = middle
  }
  return low
}
