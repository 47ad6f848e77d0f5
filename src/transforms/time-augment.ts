import { selectFrames } from './select-frames.ts'
import { subset } from './subset.ts'
import { checkCount, checkRange, type Transform } from './transform.ts'

/**
 * n = min(length, `frames`) moments out of a block of ceil(r x length), r ~ U(1, region), every subset equally likely; those beyond the clip are left out
 * (CARL masks them, and they are the last), at least one frame stays. CARL draws an offset of the block too, for a second view near that of the first: it is
 * always 0, since the block is never shorter than the clip. Chen et al., Frame-wise Action Representations for Long Videos, CVPR 2022 (`time_augment`).
 */
export function timeAugment({ frames = 80, region = 1.5 }: { frames?: number; region?: number } = {}): Transform {
  checkCount('frames', frames, 1)
  checkRange('region', region, 1, 16)
  return (clip, random) => {
    const block = Math.ceil(random.between(1, region) * clip.frames)
    const moments = subset(block, Math.min(clip.frames, frames), random)
    const within = moments.filter((t) => t < clip.frames)
    return selectFrames(clip, within.length === 0 ? [clip.frames - 1] : within)
  }
}
