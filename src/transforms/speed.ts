import { selectFrames } from './select-frames.ts'
import { checkRange, type Transform } from './transform.ts'

/**
 * Speeds a clip up by dropping floor(c x frames) of its frames, c ~ U(0, share), every subset of that size equally likely; `time` says which stayed.
 * The `fast` augmentation of CASA: Kwon et al., Context-Aware Sequence Alignment using 4D Skeletal Augmentation, CVPR 2022.
 */
export function speed({ share = 0.5 }: { share?: number } = {}): Transform {
  checkRange('share', share, 0, 0.999)
  return (clip, random) => {
    const dropped = Math.floor(random.between(0, share) * clip.frames)
    const frames = Array.from({ length: clip.frames }, (_, frame) => frame)
    for (let last = clip.frames - 1; last >= clip.frames - dropped; last--) {
      const drawn = random.integer(last + 1)
      ;[frames[drawn], frames[last]] = [frames[last]!, frames[drawn]!]
    }
    return selectFrames(clip, frames.slice(0, clip.frames - dropped).sort((a, b) => a - b))
  }
}
