import type { Clip } from '../clip.ts'
import { aboutCentre, moved } from './affine.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/** With `probability`, grows or shrinks the whole clip by one factor ~ U(low, high) about the centre of the frame (of the box after a crop). */
export function scale({ low = 0.8, high = 1.2, probability = 1 }: { low?: number; high?: number; probability?: number } = {}): Transform {
  checkRange('low', low, 0, high)
  return sometimes(probability, (clip, random) => scaled(clip, random.between(low, high)))
}

/** Scaled by `factor` about the centre of the frame. */
export function scaled(clip: Clip, factor: number): Clip {
  return moved(clip, aboutCentre(clip, { xx: factor, xy: 0, yx: 0, yy: factor }))
}
