import type { Clip } from '../clip.ts'
import { window } from './cut.ts'
import { resampleAt } from './resample.ts'
import { checkCount, checkRange, type Transform } from './transform.ts'

/**
 * A part of the clip, its share p ~ U(low, high) but at least `fewest` frames, put on `frames` frames by linear interpolation, each frame standing for an
 * equal share of the part; joints, boxes and `time` go along. low = high takes the middle of the clip and draws nothing: how it is tested.
 * The `valid_crop_resize` of CTR-GCN: Chen et al., Channel-wise Topology Refinement Graph Convolution, ICCV 2021.
 */
export function cropResize({ low = 0.5, high = 1, fewest = 64, frames = 64 }: { low?: number; high?: number; fewest?: number; frames?: number } = {}): Transform {
  checkRange('high', high, 0, 1)
  checkRange('low', low, 0, high)
  checkCount('fewest', fewest, 1)
  checkCount('frames', frames, 1)
  return (clip, random) => {
    if (low === high) {
      const margin = Math.min(Math.floor(((1 - low) * clip.frames) / 2), Math.floor((clip.frames - 1) / 2))
      return resized(window(clip, margin, clip.frames - margin), frames)
    }
    const length = Math.min(Math.max(Math.floor(clip.frames * random.between(low, high)), fewest), clip.frames)
    const start = random.integer(clip.frames - length + 1)
    return resized(window(clip, start, start + length), frames)
  }
}

/** (i + 1/2) length / frames - 1/2, held at the first and last frame: where the middle of each share lies. */
function resized(clip: Clip, frames: number): Clip {
  const moments = Float64Array.from({ length: frames }, (_, i) => Math.max(0, Math.min(clip.frames - 1, ((i + 0.5) * clip.frames) / frames - 0.5)))
  return resampleAt(clip, moments, 'linear')
}
