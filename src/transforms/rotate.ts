import type { Clip } from '../clip.ts'
import { circle } from '../elementary.ts'
import { aboutCentre, moved } from './affine.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/** With `probability`, turns the whole clip by one angle ~ U(-degrees, degrees) about the centre of the frame (of the box after a crop). */
export function rotate({ degrees = 15, probability = 1 }: { degrees?: number; probability?: number } = {}): Transform {
  checkRange('degrees', degrees, 0, 180)
  return sometimes(probability, (clip, random) => rotated(clip, random.between(-degrees, degrees)))
}

/** Turned by `degrees` about the centre of the frame, clockwise as seen (y points down). */
export function rotated(clip: Clip, degrees: number): Clip {
  const { cos, sin } = circle(degrees / 360)
  return moved(clip, aboutCentre(clip, { xx: cos, xy: -sin, yx: sin, yy: cos }))
}
