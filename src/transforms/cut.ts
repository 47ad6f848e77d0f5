import type { Clip } from '../clip.ts'
import { selectFrames } from './select-frames.ts'
import { checkRange, type Transform } from './transform.ts'

/** Takes 0 .. floor(share x frames) frames off each end, evenly and each for itself; share < 0.5, so that at least one frame stays. */
export function cut({ share = 0.3 }: { share?: number } = {}): Transform {
  checkRange('share', share, 0, 0.499)
  return (clip, random) => {
    const most = Math.floor(share * clip.frames)
    const start = random.integer(most + 1)
    return window(clip, start, clip.frames - random.integer(most + 1))
  }
}

/** Frames [start, end) of a clip. */
export function window(clip: Clip, start: number, end: number): Clip {
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= clip.frames)) {
    throw new Error(`window [${start}, ${end}) of ${clip.id}, which has ${clip.frames} frames`)
  }
  return selectFrames(clip, Array.from({ length: end - start }, (_, frame) => start + frame))
}
