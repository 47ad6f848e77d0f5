import { circle } from '../../elementary.ts'
import { type Body, type Joints, plus, type Point, reach, times } from './person.ts'

/** How one person does an action: numbers in 0..1 whose meaning each pose gives them. */
export type Habit = readonly [number, number, number]
/** The body `depth` of the way (0..1) from the first position of an action to its turning point. */
export type Pose = (body: Body, depth: number, habit: Habit) => Joints

const SIDES = [-1, 1] as const
const column = { shoulder: 1, elbow: 3, wrist: 5, hip: 7, knee: 9, ankle: 11 } as const
type Part = keyof typeof column

/** Joints in column order out of a function that gives one side's (right = -1 comes first in every pair). */
function assemble(head: Point, side: (sign: -1 | 1) => Readonly<Record<Part, Point>>): Joints {
  const joints: Point[] = [head]
  for (const [at, sign] of SIDES.entries()) for (const [part, point] of Object.entries(side(sign))) joints[column[part as Part] + at] = point
  return joints
}

/** Feet still, hips down below the knees and back, trunk leaning; hands forward or at the shoulders. */
const squat: Pose = (body, depth, [stance, lean, hands]) => {
  const foot = body.hips * (1.1 + 0.9 * stance)
  const standing = Math.sqrt((0.985 * (body.thigh + body.shin)) ** 2 - (foot - body.hips) ** 2)
  const hip: Point = [0, body.ankle + mix(standing, 0.45 * body.shin, depth), -0.2 * depth]
  const trunk = direction((0.07 + 0.05 * lean) * depth)
  const shoulder = plus(hip, times(trunk, body.torso))
  return assemble(plus(shoulder, times(direction((0.03 + 0.03 * lean) * depth), body.neck)), (sign) => {
    const [own, hipJoint, ankle]: Point[] = [plus(shoulder, [sign * body.shoulders, 0, 0]), plus(hip, [sign * body.hips, 0, 0]), [sign * foot, body.ankle, 0]]
    const forward = direction(mix(0.48, 0.24, depth))
    const target = hands < 0.6 ? plus(own!, times(forward, 0.96 * (body.upperArm + body.forearm))) : plus(own!, [sign * 0.05, 0.02, 0.02])
    const [elbow, wrist] = reach(own!, target, [body.upperArm, body.forearm], [sign, -1, -0.5])
    const [knee] = reach(hipJoint!, ankle!, [body.thigh, body.shin], [0.4 * sign, 0.3, 1])
    return { shoulder: own!, elbow, wrist, hip: hipJoint!, knee, ankle: ankle! }
  })
}

/** Arms from the thighs sideways over the head, legs apart, a hop in between. */
const jumpingJacks: Pose = (body, depth, [spread, bend, hop]) => {
  const apart = (0.15 + 0.12 * spread) * depth
  const air = 4 * depth * (1 - depth) * (0.02 + 0.04 * hop)
  const ground = body.ankle + air
  const hip: Point = [0, ground + Math.sqrt((0.985 * (body.thigh + body.shin)) ** 2 - apart ** 2), 0]
  const shoulder = plus(hip, [0, body.torso, 0])
  const arm = circle(0.03 + 0.44 * depth)
  return assemble(plus(shoulder, [0, body.neck, 0.01]), (sign) => {
    const own = plus(shoulder, [sign * body.shoulders, 0, 0])
    const hipJoint = plus(hip, [sign * body.hips, 0, 0])
    const ankle: Point = [sign * (body.hips + apart), ground, 0]
    const length = (0.99 - 0.08 * bend) * (body.upperArm + body.forearm)
    const [elbow, wrist] = reach(own, plus(own, times([sign * arm.sin, -arm.cos, 0.1], length)), [body.upperArm, body.forearm], [sign * arm.cos, arm.sin, 0.2])
    const [knee] = reach(hipJoint, ankle, [body.thigh, body.shin], [0.2 * sign, 0, 1])
    return { shoulder: own, elbow, wrist, hip: hipJoint, knee, ankle }
  })
}

/** Hands at a bar, the body drawn up to it until the head is above; knees more or less bent. */
const pullup: Pose = (body, depth, [grip, knees, swing]) => {
  const bar = body.ankle + body.shin + body.thigh + body.torso + body.upperArm + body.forearm
  const reachable = 0.97 * (body.upperArm + body.forearm)
  const hand = body.shoulders + 0.08 * grip
  const hanging = Math.sqrt(reachable ** 2 - (hand - body.shoulders) ** 2)
  const shoulder: Point = [0, bar - mix(hanging, 0.35 * body.neck, depth), -0.06 * depth * swing - 0.02]
  const hip = plus(shoulder, [0, -body.torso, 0.04 * depth])
  return assemble(plus(shoulder, [0, body.neck, -0.01]), (sign) => {
    const own = plus(shoulder, [sign * body.shoulders, 0, 0])
    const hipJoint = plus(hip, [sign * body.hips, 0, 0])
    const [elbow, wrist] = reach(own, [sign * hand, bar, 0], [body.upperArm, body.forearm], [sign, -0.6, 0.3])
    const knee = plus(hipJoint, times(direction(0.5 - 0.02 - 0.04 * knees), body.thigh))
    return { shoulder: own, elbow, wrist, hip: hipJoint, knee, ankle: plus(knee, times(direction(0.52 + 0.15 * knees), body.shin)) }
  })
}

/** A straight line from ankles to shoulders, let down on the arms until the head is at the floor. */
const pushup: Pose = (body, depth, [width, sag, gaze]) => {
  const length = body.shin + body.thigh + body.torso
  const arm = 0.97 * (body.upperArm + body.forearm)
  const shoulderAt = (depth: number): Point => {
    const height = mix(0.02 + arm, 0.09, depth)
    return [0, height, Math.sqrt(length ** 2 - (height - body.ankle) ** 2)]
  }
  const shoulder = shoulderAt(depth)
  const line: Point = [0, (shoulder[1] - body.ankle) / length, shoulder[2] / length]
  const at = (share: number): Point => plus([0, body.ankle, 0], times(line, share))
  const hip = plus(at(body.shin + body.thigh), [0, 0.03 * (0.5 - sag), 0])
  return assemble(plus(shoulder, times(direction(0.2 + 0.07 * gaze), body.neck)), (sign) => {
    const own = plus(shoulder, [sign * body.shoulders, 0, 0])
    const hand: Point = [sign * (body.shoulders + 0.06 * width), 0.02, shoulderAt(0)[2] - 0.01]
    const [elbow, wrist] = reach(own, hand, [body.upperArm, body.forearm], [sign, 0.2, -0.8])
    const knee = plus(at(body.shin), [sign * 0.06, 0, 0])
    return { shoulder: own, elbow, wrist, hip: plus(hip, [sign * body.hips, 0, 0]), knee, ankle: [sign * 0.05, body.ankle, 0] }
  })
}

/** On the back, knees up, the trunk raised until it is nearly upright; hands at the head or stretched forward. */
const situp: Pose = (body, depth, [feet, curl, hands]) => {
  const hip: Point = [0, 0.07, 0]
  const turn = mix(0.01, 0.225, depth)
  const shoulder = plus(hip, times(raised(turn), body.torso))
  const head = plus(shoulder, times(raised(turn + 0.02 * curl), body.neck))
  return assemble(head, (sign) => {
    const own = plus(shoulder, [sign * body.shoulders, 0, 0])
    const target = hands < 0.6 ? plus(head, [sign * 0.06, 0, 0]) : plus(own, times(raised(turn + 0.2), 0.95 * (body.upperArm + body.forearm)))
    const [elbow, wrist] = reach(own, target, [body.upperArm, body.forearm], [sign, 0.3, 0.6])
    const hipJoint = plus(hip, [sign * body.hips, 0, 0])
    const ankle: Point = [sign * 0.06, body.ankle, 0.26 + 0.12 * feet]
    const [knee] = reach(hipJoint, ankle, [body.thigh, body.shin], [0, 1, 0.2])
    return { shoulder: own, elbow, wrist, hip: hipJoint, knee, ankle }
  })
}

/** On the spot, one hand hanging with the ball, the racket's drawn back behind the head while the knees give. */
export const tennisServe: Pose = (body, depth, [stance, crouch, elbowOut]) => {
  const foot = body.hips * (1.1 + 0.6 * stance)
  const standing = Math.sqrt((0.985 * (body.thigh + body.shin)) ** 2 - (foot - body.hips) ** 2)
  const hip: Point = [0, body.ankle + standing * (1 - (0.05 + 0.08 * crouch) * depth), 0.03 * depth]
  const shoulder = plus(hip, times(direction(-0.025 * depth), body.torso))
  const arm = body.upperArm + body.forearm
  return assemble(plus(shoulder, times(direction(-0.02 * depth), body.neck)), (sign) => {
    const [own, hipJoint, ankle]: Point[] = [plus(shoulder, [sign * body.shoulders, 0, 0]), plus(hip, [sign * body.hips, 0, 0]), [sign * foot, body.ankle, 0]]
    const hanging = times([0.15 * sign, -0.9, 0.3], 0.96 * arm)
    const back = times([0.35 * sign, 0.55, -0.3], (0.7 + 0.25 * elbowOut) * arm)
    const target = plus(own!, sign === 1 ? hanging : plus(times(hanging, 1 - depth), times(back, depth)))
    const [elbow, wrist] = reach(own!, target, [body.upperArm, body.forearm], [sign, -0.4, -0.6])
    const [knee] = reach(hipJoint!, ankle!, [body.thigh, body.shin], [0.3 * sign, 0, 1])
    return { shoulder: own!, elbow, wrist, hip: hipJoint!, knee, ankle: ankle! }
  })
}

/** The actions a twin shows unless asked for serves, by their names in Penn Action. */
export const poses: Readonly<Record<string, Pose>> = { jumping_jacks: jumpingJacks, pullup, pushup, situp, squat }

/** Leaning forward by so many turns from upright. */
function direction(turns: number): Point {
  const { cos, sin } = circle(turns)
  return [0, cos, sin]
}

/** Raised by so many turns from lying with the head backwards. */
function raised(turns: number): Point {
  const { cos, sin } = circle(turns)
  return [0, sin, -cos]
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share
}
