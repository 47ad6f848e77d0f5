import { randomAt, type Random } from '../random.ts'
import { selectFrames } from './select-frames.ts'
import { subset } from './subset.ts'
import { checkChoice, checkCount, checkRange, type Transform } from './transform.ts'

/**
 * One frame of each of `frames` equal segments: random (`choose` = 'random'), in its middle ('centre'), or, for testing, `clip` of `clips` draws that are the
 * same in every epoch and run ('fixed'). A clip of fewer than twice as many frames skips as many as it has too many; one of fewer frames runs on from its
 * beginning again, from a random frame on. With `low` < 1 all this of a random part of the clip, its share ~ U(low, high).
 * The UniformSample of PoseC3D: Duan et al., Revisiting Skeleton-based Action Recognition, CVPR 2022.
 */
export function uniformSample({ frames = 48, choose = 'random', clip: which = 0, clips = 10, low = 1, high = 1 }: {
  frames?: number; choose?: string; clip?: number; clips?: number; low?: number; high?: number
} = {}): Transform {
  checkCount('frames', frames, 1)
  checkChoice('choose', choose, ['random', 'centre', 'fixed'])
  checkCount('clips', clips, 1)
  checkCount('clip', which, 0)
  checkRange('clip', which, 0, clips - 1)
  checkRange('high', high, 0, 1)
  checkRange('low', low, 0, high)
  return (clip, random) => {
    const drawn = choose === 'fixed' ? randomAt({ seed: testSeed, clip: clip.id, transform: 'uniform-sample', position: which }) : random
    const length = Math.max(1, Math.floor(drawn.between(low, high) * clip.frames))
    const start = choose === 'centre' ? Math.floor((clip.frames - length) / 2) : drawn.integer(clip.frames - length + 1)
    const chosen = choose === 'centre' ? middles(length, frames) : choose === 'fixed' && length < frames ? looped(length, frames, firstOf(which, clips, length)) : sampled(length, frames, drawn)
    return selectFrames(clip, chosen.map((t) => start + t))
  }
}

/** PYSKL's seed of its test clips; the draws themselves are ours. */
const testSeed = 255

function sampled(length: number, frames: number, random: Random): number[] {
  if (length < frames) return looped(length, frames, random.integer(length))
  if (length < 2 * frames) return skipping(length, frames, random)
  const edges = Array.from({ length: frames + 1 }, (_, i) => Math.floor((i * length) / frames))
  return Array.from({ length: frames }, (_, i) => edges[i]! + random.integer(edges[i + 1]! - edges[i]!))
}

/** start, start + 1, ..., from the first frame on again after the last. */
function looped(length: number, frames: number, start: number): number[] {
  return Array.from({ length: frames }, (_, i) => (start + i) % length)
}

/** Frames in order, with length - frames of the frames + 1 gaps one frame wide. */
function skipping(length: number, frames: number, random: Random): number[] {
  const gaps = new Set(subset(frames + 1, length - frames, random))
  let skipped = 0
  return Array.from({ length: frames }, (_, i) => i + (skipped += Number(gaps.has(i))))
}

/** The middle frame of each segment, the earlier of two; of a shorter clip, frames from its first on, over and over. */
function middles(length: number, frames: number): number[] {
  if (length < frames) return looped(length, frames, 0)
  return Array.from({ length: frames }, (_, i) => Math.ceil(((2 * i + 1) * length) / (2 * frames)) - 1)
}

/** Where the test clips of a short clip begin: spread over it. */
function firstOf(which: number, clips: number, length: number): number {
  return length < clips ? which % length : Math.floor((which * length) / clips)
}
