import type { Clip } from '../clip.ts'
import { moved } from './affine.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/** With `probability`, shifts the whole clip by dx ~ U(-share, share) x width and dy ~ U(-share, share) x height of the frame (of the box after a crop). */
export function translate({ share = 0.1, probability = 1 }: { share?: number; probability?: number } = {}): Transform {
  checkRange('share', share, 0, 1)
  return sometimes(probability, (clip, random) => {
    const dx = random.between(-share, share) * clip.width
    return translated(clip, dx, random.between(-share, share) * clip.height)
  })
}

/** Shifted by (dx, dy) px. */
export function translated(clip: Clip, dx: number, dy: number): Clip {
  return moved(clip, { xx: 1, xy: 0, yx: 0, yy: 1, dx, dy })
}
