import type { Clip } from '../clip.ts'
import { aboutCentre } from './affine.ts'
import { carried, type Move, moving, type MovingTransform } from './moving.ts'
import { checkRange } from './transform.ts'

/** With `probability`, grows or shrinks the whole clip by one factor ~ U(low, high) about the centre of the frame (of the box after a crop). */
export function scale({ low = 0.8, high = 1.2, probability = 1 }: { low?: number; high?: number; probability?: number } = {}): MovingTransform {
  checkRange('low', low, 0, high)
  checkRange('probability', probability, 0, 1)
  return moving((frame, random) => (random.chance(probability) ? growth(frame, random.between(low, high)) : null))
}

/** Scaled by `factor` about the centre of the frame. */
export function scaled(clip: Clip, factor: number): Clip {
  return carried(clip, growth(clip, factor))
}

function growth(frame: Pick<Clip, 'width' | 'height'>, factor: number): Move {
  return { affine: aboutCentre(frame, { xx: factor, xy: 0, yx: 0, yy: factor }), order: null }
}
