import { selectFrames } from './select-frames.ts'
import { sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, the clip from its last frame to its first; `time` runs backwards then, and phases come in the order in which they are seen.
 * Do and Kim, SkateFormer, ECCV 2024 (after AimCLR).
 */
export function temporalFlip({ probability = 0.5 }: { probability?: number } = {}): Transform {
  return sometimes(probability, (clip) => selectFrames(clip, Array.from({ length: clip.frames }, (_, t) => clip.frames - 1 - t)))
}
