import { resampleAt } from './resample.ts'
import { subset } from './subset.ts'
import { checkCount, checkRange, type Transform } from './transform.ts'

/**
 * Slows a clip down: floor(c x frames) of its frames, c ~ U(0, share), are followed by one more, halfway to the next (the last by itself again), at most as
 * many as bring the clip to `most` frames. The `slow` augmentation of CASA, which takes the mean of 3-D joint angles where this takes that of coordinates and
 * of `time`: Kwon et al., Context-Aware Sequence Alignment using 4D Skeletal Augmentation, CVPR 2022.
 */
export function slow({ share = 0.5, most = 64 }: { share?: number; most?: number } = {}): Transform {
  checkRange('share', share, 0, 1)
  checkCount('most', most, 1)
  return (clip, random) => {
    const added = Math.min(Math.floor(random.between(0, share) * clip.frames), Math.max(0, most - clip.frames))
    if (added === 0) return clip
    const followed = new Set(subset(clip.frames, added, random))
    const moments = Array.from({ length: clip.frames }, (_, t) => (followed.has(t) ? [t, Math.min(t + 0.5, clip.frames - 1)] : [t])).flat()
    return resampleAt(clip, moments, 'linear')
  }
}
