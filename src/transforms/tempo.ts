import { exp, ln } from '../elementary.ts'
import { resampleAt } from './resample.ts'
import { checkCount, checkRange, type Transform } from './transform.ts'

/**
 * Plays a clip faster or slower, by e^u with u ~ U(-ln factor, ln factor): `frames / e^u` frames evenly from its first to its last, joints and `time` interpolated
 * linearly. At least `fewest` frames and at most `most`.
 */
export function tempo({ factor = 1.5, fewest = 6, most = 64 }: { factor?: number; fewest?: number; most?: number } = {}): Transform {
  checkRange('factor', factor, 1, 16)
  checkCount('fewest', fewest, 1)
  checkCount('most', most, 1)
  const bound = factor === 1 ? 0 : ln(factor)
  return (clip, random) => {
    const pace = exp(random.between(-bound, bound))
    if (bound === 0 || clip.frames < 2) return clip
    const frames = Math.max(Math.min(fewest, clip.frames), Math.min(most, Math.round(clip.frames / pace)))
    const moments = Float64Array.from({ length: frames }, (_, i) => Math.min(clip.frames - 1, (i * (clip.frames - 1)) / Math.max(1, frames - 1)))
    return resampleAt(clip, moments, 'linear')
  }
}
