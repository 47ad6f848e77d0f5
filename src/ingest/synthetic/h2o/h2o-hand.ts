import type { Random } from '../../../random.ts'
import { after, axisAngle, place, type Rigid, turn } from './h2o-rigid.ts'
import type { Point } from '../person.ts'

/** A person's hands: how large, in shares of an average one, and MANO's ten shape numbers, which stand for nothing else here. */
export type HandBuild = { readonly size: number; readonly shape: readonly number[] }
/** One hand in one frame. `wrist`: hand -> world, fingers along y, back of the hand to z, a right thumb to -x; `curls`: thumb to pinky, 1 = a fist. */
export type HandPose = { readonly wrist: Rigid; readonly curls: readonly number[] }

/** Of an average right hand, from the wrist: where a finger begins, how far it leans to the thumb (turns), its bones, its bends in a fist (turns); m. */
const FINGERS = [
  { root: [-0.028, 0.025, -0.008], lean: 0.13, bones: [0.045, 0.032, 0.027], bends: [0.04, 0.08, 0.12] },
  { root: [-0.025, 0.092, 0], lean: 0.02, bones: [0.042, 0.025, 0.02], bends: [0.18, 0.24, 0.16] },
  { root: [-0.003, 0.095, 0.002], lean: 0, bones: [0.046, 0.029, 0.021], bends: [0.18, 0.24, 0.16] },
  { root: [0.018, 0.088, 0], lean: -0.015, bones: [0.042, 0.027, 0.021], bends: [0.18, 0.24, 0.16] },
  { root: [0.037, 0.078, -0.003], lean: -0.03, bones: [0.033, 0.02, 0.018], bends: [0.18, 0.24, 0.16] },
] as const
/** MANO's order of fingers: index, middle, pinky, ring, thumb. */
const MANO_FINGERS = [1, 2, 4, 3, 0]

export function drawHands(random: Random): HandBuild {
  return { size: random.between(0.9, 1.1), shape: Array.from({ length: 10 }, () => random.normal()) }
}

/** The 21 joints in world coordinates, OpenPose's order: wrist, then thumb, index, middle, ring, pinky from base to tip. Bones keep their lengths. */
export function handJoints({ wrist, curls }: HandPose, side: 'left' | 'right', { size }: HandBuild): Point[] {
  const mirror = side === 'left' ? -1 : 1
  const joints = FINGERS.flatMap(({ root, lean, bones, bends }, finger) => {
    let bone: Rigid = { axes: turn(2, mirror * lean).axes, at: [mirror * size * root[0], size * root[1], size * root[2]] }
    const chain = [bone.at]
    for (const [at, length] of bones.entries()) {
      bone = after(bone, turn(0, -curls[finger]! * bends[at]!))
      bone = { ...bone, at: place(bone, [0, size * length, 0]) }
      chain.push(bone.at)
    }
    return chain
  })
  return [[0, 0, 0] as Point, ...joints].map((joint) => place(wrist, joint))
}

/**
 * MANO's 61 numbers of a hand seen through `camera` (world -> camera): the wrist's place, 16 axis-angles (the wrist's, then three of each finger), the shape.
 * The layout is MANO's; there is no MANO model behind it.
 */
export function manoNumbers({ wrist, curls }: HandPose, camera: Rigid, { shape }: HandBuild): number[] {
  const seen = after(camera, wrist)
  const bends = MANO_FINGERS.flatMap((finger) => FINGERS[finger]!.bends.flatMap((bend) => [-curls[finger]! * bend * 2 * Math.PI, 0, 0]))
  return [...seen.at, ...axisAngle(seen), ...bends, ...shape]
}
