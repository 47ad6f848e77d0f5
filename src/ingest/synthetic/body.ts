import { circle } from '../../elementary.ts'
import type { Random } from '../../random.ts'
import type { Limb, Performance, Pose } from './poses.ts'

/** Lengths in metres of one person. */
export type Body = {
  readonly torso: number
  readonly head: number
  readonly shoulders: number
  readonly hips: number
  readonly upperArm: number
  readonly forearm: number
  readonly thigh: number
  readonly shin: number
}

/** A point or a direction: x to the subject's left, y up, z forward. */
export type Point = readonly [x: number, y: number, z: number]

/** Joints by their anatomical names, as the catalog's skeleton has them. */
export type Joints = Readonly<Record<string, Point>>

/** Shares of the height (after Winter, Biomechanics and Motor Control of Human Movement, rounded), each person's own by a few percent. */
export function drawBody(random: Random): Body {
  const height = random.between(1.5, 1.95)
  const length = (share: number): number => height * share * random.between(0.92, 1.08)
  return { torso: length(0.3), head: length(0.15), shoulders: length(0.23), hips: length(0.15), upperArm: length(0.17), forearm: length(0.15), thigh: length(0.245), shin: length(0.245) }
}

/** Where the 13 joints of a body in a pose are, in metres, with what the performance anchors at the origin. */
export function placeJoints(body: Body, pose: Pose, anchor: Performance['anchor']): Joints {
  const torso = (point: Point): Point => lean(twist(point, pose.twist), pose.lean)
  const joints: Record<string, Point> = { head: torso([0, body.torso + body.head, 0]) }
  for (const side of ['left', 'right'] as const) {
    const sign = side === 'left' ? 1 : -1
    const [arm, leg] = side === 'left' ? [pose.leftArm, pose.leftLeg] : [pose.rightArm, pose.rightLeg]
    const shoulder = torso([(sign * body.shoulders) / 2, body.torso, 0])
    const [elbow, wrist] = chain(shoulder, arm, [body.upperArm, body.forearm], (direction) => torso(mirror(direction, sign)))
    const hip: Point = [(sign * body.hips) / 2, 0, 0]
    const [knee, ankle] = chain(hip, leg, [body.thigh, body.shin], (direction) => mirror(direction, sign))
    Object.assign(joints, { [`${side}_shoulder`]: shoulder, [`${side}_elbow`]: elbow, [`${side}_wrist`]: wrist, [`${side}_hip`]: hip, [`${side}_knee`]: knee, [`${side}_ankle`]: ankle })
  }
  const pitched = Object.fromEntries(Object.entries(joints).map(([name, point]) => [name, lean(point, pose.pitch)]))
  const origin = anchorOf(pitched, anchor)
  return Object.fromEntries(Object.entries(pitched).map(([name, point]) => [name, add(point, origin, -1)]))
}

/** The pose between two others. */
export function blend(from: Pose, to: Pose, share: number): Pose {
  const number = (key: 'lean' | 'twist' | 'pitch'): number => from[key] + (to[key] - from[key]) * share
  const limb = (key: 'leftArm' | 'rightArm' | 'leftLeg' | 'rightLeg'): Limb => from[key].map((angle, at) => angle + (to[key][at]! - angle) * share) as unknown as Limb
  return { lean: number('lean'), twist: number('twist'), pitch: number('pitch'), leftArm: limb('leftArm'), rightArm: limb('rightArm'), leftLeg: limb('leftLeg'), rightLeg: limb('rightLeg') }
}

/** The ends of a limb's two segments. */
function chain(start: Point, [flex, abduct, lowerFlex, lowerAbduct]: Limb, lengths: readonly [number, number], turn: (direction: Point) => Point): [Point, Point] {
  const middle = add(start, turn(direction(flex, abduct)), lengths[0])
  return [middle, add(middle, turn(direction(lowerFlex, lowerAbduct)), lengths[1])]
}

/** From hanging straight down: forward by `flex`, then outwards (to the left) by `abduct`. */
function direction(flex: number, abduct: number): Point {
  const [forward, outward] = [circle(flex / 360), circle(abduct / 360)]
  return [outward.sin, -outward.cos * forward.cos, outward.cos * forward.sin]
}

/** Feet: the lower ankle is on the floor, both are about the origin. Hands: the wrists are. */
function anchorOf(joints: Joints, anchor: Performance['anchor']): Point {
  const name = anchor === 'feet' ? 'ankle' : 'wrist'
  const [left, right] = [joints[`left_${name}`]!, joints[`right_${name}`]!]
  const height = anchor === 'feet' ? Math.min(left[1], right[1]) : (left[1] + right[1]) / 2
  return [(left[0] + right[0]) / 2, height, (left[2] + right[2]) / 2]
}

/** About the axis to the left, forward. */
function lean([x, y, z]: Point, degrees: number): Point {
  const { cos, sin } = circle(degrees / 360)
  return [x, y * cos - z * sin, y * sin + z * cos]
}

/** About the axis upwards, to the left: what was in front is on the left. */
export function twist([x, y, z]: Point, degrees: number): Point {
  const { cos, sin } = circle(degrees / 360)
  return [x * cos + z * sin, y, -x * sin + z * cos]
}

function mirror([x, y, z]: Point, sign: number): Point {
  return [sign * x, y, z]
}

function add([x, y, z]: Point, [dx, dy, dz]: Point, times: number): Point {
  return [x + dx * times, y + dy * times, z + dz * times]
}
