import type { Clip } from '../clip.ts'
import { circle } from '../elementary.ts'
import { aboutCentre } from './affine.ts'
import { carried, type Move, moving, type MovingTransform } from './moving.ts'
import { checkRange } from './transform.ts'

/** With `probability`, turns the whole clip by one angle ~ U(-degrees, degrees) about the centre of the frame (of the box after a crop). */
export function rotate({ degrees = 15, probability = 1 }: { degrees?: number; probability?: number } = {}): MovingTransform {
  checkRange('degrees', degrees, 0, 180)
  checkRange('probability', probability, 0, 1)
  return moving((frame, random) => (random.chance(probability) ? turn(frame, random.between(-degrees, degrees)) : null))
}

/** Turned by `degrees` about the centre of the frame, clockwise as seen (y points down). */
export function rotated(clip: Clip, degrees: number): Clip {
  return carried(clip, turn(clip, degrees))
}

function turn(frame: Pick<Clip, 'width' | 'height'>, degrees: number): Move {
  const { cos, sin } = circle(degrees / 360)
  return { affine: aboutCentre(frame, { xx: cos, xy: -sin, yx: sin, yy: cos }), order: null }
}
