import { selectFrames } from './select-frames.ts'
import { checkCount, checkRange, type Transform } from './transform.ts'

/** A run of `frames` frames that begins anywhere, evenly. A shorter clip stays as it is, or holds its last frame where `hold`. */
export function randomWindow({ frames = 64, hold = false }: { frames?: number; hold?: boolean } = {}): Transform {
  checkCount('frames', frames, 1)
  checkRange('frames', frames, 1, 2 ** 24)
  return (clip, random) => {
    const start = random.integer(Math.max(0, clip.frames - frames) + 1)
    const length = hold ? frames : Math.min(frames, clip.frames)
    return selectFrames(clip, Array.from({ length }, (_, i) => Math.min(start + i, clip.frames - 1)))
  }
}
