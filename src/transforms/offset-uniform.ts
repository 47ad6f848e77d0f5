import type { Clip } from '../clip.ts'
import type { Random } from '../random.ts'
import { checkContext, type Context, contextFrames } from './context-frames.ts'
import { selectFrames } from './select-frames.ts'
import { subset } from './subset.ts'
import { checkCount, type Transform } from './transform.ts'

/**
 * `frames` of the clip's frames from `offset` on, every subset equally likely, each with its context. A clip of fewer than frames + offset frames gives frames
 * 0 .. frames - 1, its last one again and again beyond its end. The `offset_uniform` of TCC and GTA: Dwibedi et al., Temporal Cycle-Consistency Learning,
 * CVPR 2019.
 */
export function offsetUniform({ frames = 20, offset = 1, context = 2, stride = 15 }: Partial<Context> & { frames?: number; offset?: number } = {}): Transform {
  checkCount('frames', frames, 1)
  checkCount('offset', offset, 0)
  checkContext({ context, stride })
  return (clip, random) => selectFrames(clip, contextFrames(chosenFrames(clip, { frames, offset }, random), { context, stride, last: clip.frames - 1 }))
}

/** The frames without their context; they may lie beyond the end of a short clip. */
export function chosenFrames(clip: Clip, { frames, offset }: { frames: number; offset: number }, random: Random): number[] {
  if (frames > clip.frames - offset) return Array.from({ length: frames }, (_, t) => t)
  return subset(clip.frames - offset, frames, random).map((t) => t + offset)
}
