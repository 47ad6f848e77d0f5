import { exp, ln } from '../../elementary.ts'
import type { Random } from '../../random.ts'
import { blend, drawBody, type Joints, placeJoints } from './body.ts'
import type { Limb, Performance, Pose } from './poses.ts'

/** One performance by one person: the joints of every frame and the phase it belongs to, non-decreasing from 0. */
export type Motion = { readonly joints: readonly Joints[]; readonly phases: readonly number[] }

const FPS = 25
/** The shortest phase, in frames. */
const LEAST = 3

/** Plays a performance at a tempo of its own: each phase faster or slower, eased unevenly, with a moment of rest before and after; one person in seven is left-handed. */
export function drawMotion(performance: Performance, random: Random): Motion {
  const body = drawBody(random.fork('body'))
  const style = random.fork('style')
  const isMirrored = style.chance(1 / 7)
  const keys = performance.keys.map((key) => vary(isMirrored ? swapSides(key) : key, style))
  const tempo = random.fork('tempo')
  const pace = exp(tempo.between(-0.45, 0.45))
  const frames = performance.seconds.map((seconds) => Math.max(LEAST, Math.round(seconds * pace * exp(tempo.between(-0.35, 0.35)) * FPS)))
  const [before, after] = [tempo.integer(9), tempo.integer(9)]
  const moving = frames.flatMap((count, phase) => {
    const bend = exp(tempo.between(-0.3, 0.3))
    return Array.from({ length: count }, (_, frame) => ({ phase, pose: blend(keys[phase]!, keys[phase + 1]!, ease(power(frame / count, bend))) }))
  })
  const last = frames.length - 1
  const played = [
    ...Array.from({ length: before }, () => ({ phase: 0, pose: keys[0]! })),
    ...moving,
    ...Array.from({ length: after + 1 }, () => ({ phase: last, pose: keys[last + 1]! })),
  ]
  return { joints: played.map(({ pose }) => placeJoints(body, pose, performance.anchor)), phases: played.map(({ phase }) => phase) }
}

/** Everybody does it a little differently: 3 degrees on every angle of the arms, 2 on those of the legs, 2 on the lean. */
function vary(pose: Pose, random: Random): Pose {
  const limb = (angles: Limb, degrees: number): Limb => angles.map((angle) => angle + degrees * random.normal()) as unknown as Limb
  return {
    lean: pose.lean + 2 * random.normal(), twist: pose.twist + 4 * random.normal(), pitch: pose.pitch,
    leftArm: limb(pose.leftArm, 3), rightArm: limb(pose.rightArm, 3), leftLeg: limb(pose.leftLeg, 2), rightLeg: limb(pose.rightLeg, 2),
  }
}

function swapSides(pose: Pose): Pose {
  return { ...pose, twist: -pose.twist, leftArm: pose.rightArm, rightArm: pose.leftArm, leftLeg: pose.rightLeg, rightLeg: pose.leftLeg }
}

/** From 0 to 1, at rest at both ends. */
function ease(share: number): number {
  return share * share * (3 - 2 * share)
}

function power(base: number, exponent: number): number {
  return base === 0 ? 0 : exp(exponent * ln(base))
}
