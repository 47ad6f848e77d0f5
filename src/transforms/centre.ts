import type { Clip } from '../clip.ts'
import type { Skeleton } from '../skeleton.ts'
import { movedEach } from './affine.ts'
import { centreOf, type Place } from './anatomy.ts'
import { ofFirst, trackOf } from './track.ts'
import { checkChoice, type Transform } from './transform.ts'
import { translated } from './translate.ts'

/**
 * Shifts the clip so that the middle of the first person's spine (of the hips, where a skeleton has no joint there) lies in the centre of the frame (in three
 * dimensions: at the origin): by one shift, that of the first frame (`at` = 'first'), or frame by frame ('each'; pictures cannot follow). Of a person who has
 * none, the next one's counts; a clip without any stays. Draws nothing. How CTR-GCN and HD-GCN centre clips.
 */
export function centre({ skeleton, at = 'first' }: { skeleton: Skeleton; at?: string }): Transform {
  checkChoice('at', at, ['first', 'each'])
  return (clip) => centred(clip, centreOf(skeleton), at === 'first')
}

/** The clip shifted so that a place of the first person of whom it is ever located stays in the centre, once or in every frame. */
export function centred(clip: Clip, place: Place, isOnce: boolean): Clip {
  const track = clip.keypoints === null ? null : ofFirst(clip, (person) => trackOf(clip, place, person))
  if (track === null) return clip
  const target = clip.dims === 2 ? [clip.width / 2, clip.height / 2] : [0, 0, 0]
  const shiftAt = (frame: number): number[] => target.map((value, axis) => value - track[(isOnce ? 0 : frame) * clip.dims + axis]!)
  const flat = isOnce ? translated(clip, shiftAt(0)[0]!, shiftAt(0)[1]!) : movedEach(clip, (frame) => ({ xx: 1, xy: 0, yx: 0, yy: 1, dx: shiftAt(frame)[0]!, dy: shiftAt(frame)[1]! }))
  return clip.dims === 2 ? flat : { ...flat, keypoints: deeper(flat, (frame) => shiftAt(frame)[2]!) }
}

/** The joints with z shifted. */
function deeper({ keypoints, persons, joints }: Clip, dz: (frame: number) => number): Float32Array {
  return keypoints!.map((value, at) => (at % 4 === 2 ? value + dz(Math.floor(at / (4 * persons * joints))) : value))
}
