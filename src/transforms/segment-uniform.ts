import type { Random } from '../random.ts'
import { checkContext, type Context, contextFrames } from './context-frames.ts'
import { selectFrames } from './select-frames.ts'
import { checkChoice, checkCount, type Transform } from './transform.ts'

/**
 * One random frame of each of `frames` equal segments, each with its context. A length that `frames` does not divide is filled up with the clip's first
 * frames; the chosen ones are put in order. A clip of fewer than `frames` frames gives frames 0 .. frames - 1, beyond its end its last one again and again
 * (`overflow` = 'repeat', LAV) or nothing ('mask', VAOT). Haresh et al., Learning by Aligning Videos in Time, CVPR 2021.
 */
export function segmentUniform({ frames = 20, context = 2, stride = 15, overflow = 'repeat' }: Partial<Context> & { frames?: number; overflow?: string } = {}): Transform {
  checkCount('frames', frames, 1)
  checkContext({ context, stride })
  checkChoice('overflow', overflow, ['repeat', 'mask'])
  return (clip, random) => {
    const chosen = clip.frames < frames ? heldFrames(clip.frames, overflow === 'mask' ? clip.frames : frames) : ofSegments(clip.frames, frames, random)
    return selectFrames(clip, contextFrames(chosen, { context, stride, last: clip.frames - 1 }))
  }
}

/** 0 .. count - 1, the last frame there is in place of those beyond: their context is its own, where TCC's is that of the frame that is not there. */
function heldFrames(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, t) => Math.min(t, length - 1))
}

function ofSegments(length: number, segments: number, random: Random): number[] {
  const size = Math.ceil(length / segments)
  return Array.from({ length: segments }, (_, i) => (i * size + random.integer(size)) % length).sort((a, b) => a - b)
}
