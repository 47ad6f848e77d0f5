import { makePoseGrid } from './pose-grid.ts'
import { type Overlap, poseOverlap } from './pose-overlap.ts'
import type { PoseTrack } from './pose-track.ts'

/** Two tracks that run alike over more than half of the shorter one; frames [start, end) of the clips. */
export type NearDuplicate = Overlap & { readonly first: PoseTrack; readonly second: PoseTrack; readonly isMirrored: boolean }

export type Nearness = {
  /** Root mean squared distance of poses (of length 1) up to which two stretches are alike. */
  readonly distance: number
  /** Distance within which the middle of the shorter one must meet a pose of the other: what is further apart is not looked at. */
  readonly radius: number
}

/** Chosen on pairs of train clips of Penn Action and planted copies of them: experiments/leaks.ts. */
export const DUPLICATE: Nearness = { distance: 0.055, radius: 0.1 }

/**
 * All pairs of tracks of one size that are near duplicates whatever their place, size, mirror and (0.5 to 2 times) speed, `first` before `second` in the order given; of
 * those that `isCompared` names. A stretch of more than half of the shorter track holds its middle, which is where the search begins.
 */
export function nearDuplicates(tracks: readonly PoseTrack[], isCompared: (first: PoseTrack, second: PoseTrack) => boolean, { distance, radius }: Nearness = DUPLICATE): NearDuplicate[] {
  return candidates(tracks, isCompared, radius).flatMap(([a, b]) => {
    const [first, second] = [tracks[a]!, tracks[b]!]
    const found = [false, true].flatMap((isMirrored) => {
      const overlap = overlapOf(first, second, isMirrored, distance)
      return overlap === null ? [] : [{ ...overlap, first, second, isMirrored }]
    })
    return found.sort((one, other) => one.distance - other.distance).slice(0, 1)
  })
}

function candidates(tracks: readonly PoseTrack[], isCompared: (first: PoseTrack, second: PoseTrack) => boolean, radius: number): (readonly [number, number])[] {
  const [size, count] = [tracks[0]?.size ?? 0, tracks.reduce((sum, { frames }) => sum + frames, 0)]
  const [poses, owner] = [new Float32Array(count * size), new Int32Array(count)]
  tracks.reduce((at, track, index) => {
    poses.set(track.poses, at * size)
    owner.fill(index, at, at + track.frames)
    return at + track.frames
  }, 0)
  if (count === 0) return []
  const grid = makePoseGrid(poses, size, radius)
  const widest = Math.max(...tracks.map(({ stride }) => stride))
  const found = new Set<number>()
  tracks.forEach((track, index) => {
    const met = (at: number): void => {
      const [a, b] = [Math.min(index, owner[at]!), Math.max(index, owner[at]!)]
      if (a !== b && lengthOf(track) <= lengthOf(tracks[owner[at]!]!) && isCompared(tracks[a]!, tracks[b]!)) found.add(a * tracks.length + b)
    }
    for (const frame of middle(track, widest)) for (const view of [track.poses, track.mirrored]) grid.near(view.subarray(frame * size, (frame + 1) * size), met)
  })
  return [...found].sort((one, other) => one - other).map((pair) => [Math.floor(pair / tracks.length), pair % tracks.length])
}

const lengthOf = ({ frames, stride }: PoseTrack): number => frames * stride

/** The poses from the middle on that one taken every `widest` frames cannot all miss. */
function middle({ frames, stride }: PoseTrack, widest: number): number[] {
  return Array.from({ length: widest / stride }, (_, step) => (frames >> 1) + step).filter((frame) => frame < frames)
}

/** Two tracks side by side at the wider of their strides. */
function overlapOf(first: PoseTrack, second: PoseTrack, isMirrored: boolean, distance: number): Overlap | null {
  const stride = Math.max(first.stride, second.stride)
  const overlap = poseOverlap(thinned(first, first.poses, stride), thinned(second, isMirrored ? second.mirrored : second.poses, stride), distance)
  const frames = ([start, end]: readonly [number, number]): [number, number] => [start * stride, end * stride]
  return overlap === null ? null : { ...overlap, a: frames(overlap.a), b: frames(overlap.b) }
}

function thinned({ stride, frames, size }: PoseTrack, poses: Float32Array, wanted: number): { frames: number; size: number; poses: Float32Array } {
  const step = wanted / stride
  if (step === 1) return { frames, size, poses }
  const kept = Math.ceil(frames / step)
  return { frames: kept, size, poses: Float32Array.from({ length: kept * size }, (_, at) => poses[Math.floor(at / size) * step * size + (at % size)]!) }
}
