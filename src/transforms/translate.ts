import type { Clip } from '../clip.ts'
import { carried, type Move, moving, type MovingTransform } from './moving.ts'
import { checkRange } from './transform.ts'

/** With `probability`, shifts the whole clip by dx ~ U(-share, share) x width and dy ~ U(-share, share) x height of the frame (of the box after a crop). */
export function translate({ share = 0.1, probability = 1 }: { share?: number; probability?: number } = {}): MovingTransform {
  checkRange('share', share, 0, 1)
  checkRange('probability', probability, 0, 1)
  return moving(({ width, height }, random) => {
    if (!random.chance(probability)) return null
    const dx = random.between(-share, share) * width
    return shift(dx, random.between(-share, share) * height)
  })
}

/** Shifted by (dx, dy) px. */
export function translated(clip: Clip, dx: number, dy: number): Clip {
  return carried(clip, shift(dx, dy))
}

function shift(dx: number, dy: number): Move {
  return { affine: { xx: 1, xy: 0, yx: 0, yy: 1, dx, dy }, order: null }
}
