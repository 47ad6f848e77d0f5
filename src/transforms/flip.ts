import type { Clip } from '../clip.ts'
import { mirrorOrder, type Skeleton } from '../skeleton.ts'
import { carried, type Move, moving, type MovingTransform } from './moving.ts'
import { checkRange } from './transform.ts'

/** With `probability`, the clip as a mirror shows it; without `swap` left stays left, as in CASA's code, so that bodies turn their backs. */
export function flip({ skeleton, swap = true, probability = 0.5 }: { skeleton: Skeleton; swap?: boolean; probability?: number }): MovingTransform {
  checkRange('probability', probability, 0, 1)
  const order = swap ? mirrorOrder(skeleton) : skeleton.joints.map((_, joint) => joint)
  return moving((frame, random) => (random.chance(probability) ? mirror(frame, order) : null))
}

/** x' = W - x in continuous pixel coordinates, left and right joints change places. */
export function mirrored(clip: Clip, skeleton: Skeleton): Clip {
  return carried(clip, mirror(clip, mirrorOrder(skeleton)))
}

function mirror({ width }: Pick<Clip, 'width'>, order: readonly number[]): Move {
  return { affine: { xx: -1, xy: 0, yx: 0, yy: 1, dx: width, dy: 0 }, order }
}
