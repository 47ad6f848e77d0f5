import { makePoseGrid } from './pose-grid.ts'
import { type Overlap, poseOverlap } from './pose-overlap.ts'
import { LEAST_JOINTS, type PoseTrack } from './pose-track.ts'
import { viewPoses } from './pose-view.ts'

/** Two tracks that run alike over more than half of the shorter one; frames [start, end) of the clips. */
export type NearDuplicate = Overlap & { readonly first: PoseTrack; readonly second: PoseTrack; readonly isMirrored: boolean }

export type Nearness = {
  /** Root mean squared distance of poses (of length 1), but for the jitter of either, up to which two stretches are alike. */
  readonly distance: number
  /** Distance within which the middle of the shorter one must meet a pose of the other: what is further apart is not looked at. */
  readonly radius: number
}

/** Chosen on pairs of train clips of Penn Action and planted copies of them: experiments/leaks.ts. */
export const DUPLICATE: Nearness = { distance: 0.02, radius: 0.08 }
/** Jitter explains no more than this of a distance. */
const MOST_JITTER = 0.09

/**
 * All pairs of tracks of one skeleton that are near duplicates whatever their place, size, mirror and (0.5 to 2 times) speed, `first` before `second` in the order given; of
 * those that `areCompared` names. A stretch of more than half of the shorter track holds its middle, which is where the search begins.
 */
export function nearDuplicates(tracks: readonly PoseTrack[], areCompared: (first: PoseTrack, second: PoseTrack) => boolean, { distance, radius }: Nearness = DUPLICATE): NearDuplicate[] {
  const found = new Map<string, NearDuplicate>()
  for (const { a, b, isMirrored } of candidates(tracks, areCompared, radius)) {
    const [first, second] = [tracks[a]!, tracks[b]!]
    const overlap = overlapOf(first, second, isMirrored, distance)
    const known = found.get(`${a} ${b}`)
    if (overlap !== null && (known === undefined || overlap.distance < known.distance)) found.set(`${a} ${b}`, { ...overlap, first, second, isMirrored })
  }
  return [...found.values()]
}

type Candidate = { readonly a: number; readonly b: number; readonly isMirrored: boolean }

/** Pairs a < b of tracks where the middle of the shorter one, or its mirror image, meets a pose of the other; in order. */
function candidates(tracks: readonly PoseTrack[], areCompared: (first: PoseTrack, second: PoseTrack) => boolean, radius: number): Candidate[] {
  const { poses, owners, size } = together(tracks)
  if (owners.length === 0) return []
  const grid = makePoseGrid(poses, size, radius)
  const widest = tracks.reduce((wide, { stride }) => Math.max(wide, stride), 1)
  const found = new Set<number>()
  for (const [index, track] of tracks.entries()) {
    for (const [mirror, { poses: view }] of [track.plain, track.mirrored].entries()) {
      const met = (at: number): void => {
        const [a, b] = [Math.min(index, owners[at]!), Math.max(index, owners[at]!)]
        if (a !== b && lengthOf(track) <= lengthOf(tracks[owners[at]!]!) && areCompared(tracks[a]!, tracks[b]!)) found.add((a * tracks.length + b) * 2 + mirror)
      }
      for (const frame of middle(track, widest)) grid.near(view.subarray(frame * size, (frame + 1) * size), met)
    }
  }
  return [...found].sort((one, other) => one - other).map((code) => {
    const pair = Math.floor(code / 2)
    return { a: Math.floor(pair / tracks.length), b: pair % tracks.length, isMirrored: code % 2 === 1 }
  })
}

/** The poses of all tracks one after the other, and whose they are. */
function together(tracks: readonly PoseTrack[]): { poses: Float32Array; owners: Int32Array; size: number } {
  const [size, count] = [tracks[0]?.plain.size ?? 0, tracks.reduce((sum, { frames }) => sum + frames, 0)]
  const [poses, owners] = [new Float32Array(count * size), new Int32Array(count)]
  let at = 0
  for (const [index, track] of tracks.entries()) {
    poses.set(track.plain.poses, at * size)
    owners.fill(index, at, at + track.frames)
    at += track.frames
  }
  return { poses, owners, size }
}

const lengthOf = ({ frames, stride }: PoseTrack): number => frames * stride

/** The poses from the middle on that one taken every `widest` frames cannot all miss. */
function middle({ frames, stride }: PoseTrack, widest: number): number[] {
  return Array.from({ length: widest / stride }, (_, step) => (frames >> 1) + step).filter((frame) => frame < frames)
}

/** Two tracks side by side: by the joints that are known in both, at the wider of their strides. */
function overlapOf(first: PoseTrack, second: PoseTrack, isMirrored: boolean, distance: number): Overlap | null {
  const stride = Math.max(first.stride, second.stride)
  const inSecond = (joint: number): number => (isMirrored ? first.mirrorOrder[joint]! : joint)
  const joints = first.mirrorOrder.map((_, joint) => joint).filter((joint) => first.isKnown[joint]! && second.isKnown[inSecond(joint)]!)
  if (joints.length < LEAST_JOINTS) return null
  const a = viewPoses(thinned(first, stride), joints, { isMirrored: false })
  const b = viewPoses(thinned(second, stride), joints.map(inSecond), { isMirrored })
  const jitter = joints.reduce((sum, joint) => sum + first.jitter[joint]! * a.shrinking + second.jitter[inSecond(joint)]! * b.shrinking, 0)
  const explained = Math.min(jitter, MOST_JITTER ** 2)
  const overlap = poseOverlap(a, b, distance ** 2 + explained)
  const frames = ([start, end]: readonly [number, number]): [number, number] => [start * stride, end * stride]
  return overlap === null ? null : { distance: Math.sqrt(Math.max(0, overlap.distance ** 2 - explained)), a: frames(overlap.a), b: frames(overlap.b) }
}

/** The positions of a track at a wider stride. */
function thinned({ stride, frames, dims, positions }: PoseTrack, wanted: number): { frames: number; dims: number; positions: Float32Array } {
  const step = wanted / stride
  if (step === 1) return { frames, dims, positions }
  const [kept, size] = [Math.ceil(frames / step), positions.length / frames]
  return { frames: kept, dims, positions: Float32Array.from({ length: kept * size }, (_, at) => positions[Math.floor(at / size) * step * size + (at % size)]!) }
}
