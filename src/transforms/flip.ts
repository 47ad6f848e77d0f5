import type { Clip } from '../clip.ts'
import { mirrorOrder, type Skeleton } from '../skeleton.ts'
import { carried, type Move, moving, type MovingTransform } from './moving.ts'
import { checkRange } from './transform.ts'

/** With `probability`, the clip as a mirror shows it. */
export function flip({ skeleton, probability = 0.5 }: { skeleton: Skeleton; probability?: number }): MovingTransform {
  checkRange('probability', probability, 0, 1)
  const order = mirrorOrder(skeleton)
  return moving((frame, random) => (random.chance(probability) ? mirror(frame, order) : null))
}

/** x' = W - x in continuous pixel coordinates, left and right joints change places. */
export function mirrored(clip: Clip, skeleton: Skeleton): Clip {
  return carried(clip, mirror(clip, mirrorOrder(skeleton)))
}

function mirror({ width }: Pick<Clip, 'width'>, order: readonly number[]): Move {
  return { affine: { xx: -1, xy: 0, yx: 0, yy: 1, dx: width, dy: 0 }, order }
}
