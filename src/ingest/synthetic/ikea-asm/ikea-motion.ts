import { circle } from '../../../elementary.ts'
import type { Random } from '../../../random.ts'
import { POINTS } from './ikea-joints.ts'
import type { Stretch } from './ikea-plan.ts'
import { type Body, plus, type Point, reach, times } from '../person.ts'

/** Where a person works: on a table standing, or on the floor kneeling. */
export type Place = 'table' | 'floor'
export type Worker = { readonly body: Body; /** Stature in cm. */ readonly height: number }

/** Height of a camera's world origin above the floor, and how far before it a person works, cm. */
export const ORIGIN_HEIGHT = 100
export const DISTANCE = 300

/**
 * What the hands do in one kind of deed, in body heights: where they work (aside to the left, above the work, forward, half of their distance), how far and how
 * often they swing there (period 0: once), and how far the trunk leans, in turns.
 */
type Gesture = {
  readonly at: readonly [aside: number, above: number, forward: number, apart: number]
  readonly swing: Point
  readonly period: number
  readonly lean: number
}
type Film = { readonly stretches: readonly Stretch[]; readonly frames: number }

const idle: Gesture = { at: [0, -0.03, 0.14, 0.16], swing: [0.01, 0.01, 0], period: 60, lean: 0.01 }
/** By atomic action, from id 2. */
const gestures: readonly Gesture[] = [
  { at: [0.22, -0.06, 0.3, 0.06], swing: [-0.16, 0.12, -0.06], period: 0, lean: 0.09 },
  { at: [-0.2, 0.1, 0.24, 0.12], swing: [0, -0.16, 0.08], period: 0, lean: 0.07 },
  { at: [0, 0.04, 0.2, 0.2], swing: [0, 0, 0.14], period: 0, lean: 0.05 },
  { at: [0.1, 0.06, 0.26, 0.04], swing: [0.01, 0.03, 0], period: 16, lean: 0.06 },
  { at: [0.1, 0.1, 0.26, 0.03], swing: [0.05, 0, 0.05], period: 10, lean: 0.04 },
  { at: [0.1, 0.14, 0.24, 0.05], swing: [0.03, 0.02, 0.03], period: 20, lean: 0.03 },
  { at: [0, 0.04, 0.26, 0.22], swing: [0.16, 0, 0], period: 0, lean: 0.05 },
  { at: [0, 0.02, 0.26, 0.2], swing: [0, 0.2, 0], period: 0, lean: 0.06 },
  { at: [0, -0.04, 0.32, 0.18], swing: [0, -0.06, 0], period: 18, lean: 0.1 },
  { at: [-0.1, 0.04, 0.26, 0.08], swing: [0.02, 0.02, 0], period: 14, lean: 0.07 },
  { at: [-0.1, 0.08, 0.3, 0.1], swing: [0, -0.05, 0], period: 12, lean: 0.08 },
  { at: [0.02, 0.08, 0.34, 0.14], swing: [0, -0.05, 0], period: 14, lean: 0.1 },
  { at: [0, 0.06, 0.2, 0.16], swing: [0, 0, 0.16], period: 0, lean: 0.08 },
  { at: [0.06, 0.0, 0.3, 0.02], swing: [0.01, 0.01, 0.02], period: 8, lean: 0.09 },
  { at: [0, 0.1, 0.28, 0.2], swing: [0.1, -0.1, 0], period: 0, lean: 0.07 },
  { at: [-0.05, 0.16, 0.1, 0.06], swing: [0.03, 0.03, 0], period: 30, lean: 0 },
]
/** Frames over which one posture becomes the next, twice. */
const BLEND = 7

/** Points of the body in world coordinates, cm: [frames, 23, 3]; what is done in the last frame goes on to the end. */
export function moveWorker({ body, height }: Worker, place: Place, { stretches, frames }: Film, random: Random): Float64Array {
  const [tempo, style] = [random.between(0.9, 1.1), random.between(-0.02, 0.02)]
  const wanted = Array.from({ length: frames }, (_, frame) => postureAt(stretches, frame, tempo))
  const [acrossNoise, depthNoise, turnNoise] = [slowDrift(frames, random), slowDrift(frames, random), slowDrift(frames, random)]
  const facing = random.between(-0.08, 0.08)
  const postures = blended(blended(wanted))
  const world = new Float64Array(frames * POINTS * 3)
  for (const [frame, posture] of postures.entries()) {
    const turn = circle(facing + 0.02 * turnNoise[frame]!)
    const [ox, oz] = [12 * acrossNoise[frame]!, DISTANCE + 8 * depthNoise[frame]!]
    for (const [point, [x, y, z]] of assemble(body, place, [posture[0]! + style, ...posture.slice(1)]).entries()) {
      const at = (frame * POINTS + point) * 3
      world[at] = ox + height * (x * turn.cos - z * turn.sin)
      world[at + 1] = ORIGIN_HEIGHT - height * y
      world[at + 2] = oz - height * (x * turn.sin + z * turn.cos)
    }
  }
  return world
}

/** Lean, then where the middle of the hands is, then half of their distance. */
type Posture = readonly number[]

function postureAt(stretches: readonly Stretch[], frame: number, tempo: number): Posture {
  const stretch = stretches.find(({ start, end }) => frame >= start && frame < end)
  const { at, swing, period, lean } = stretch === undefined ? idle : gestures[stretch.deed[0] - 2]!
  const own = stretch === undefined ? 0 : 0.008 * (stretch.deed[1] - 6)
  const since = frame - (stretch?.start ?? 0)
  const round = period === 0 ? circle(since / (2 * (stretch!.end - stretch!.start))) : circle((since * tempo) / period)
  const [along, across] = [round.sin, period === 0 ? round.sin : round.cos]
  return [lean, at[0] + own + swing[0] * along, at[1] + swing[1] * along, at[2] + swing[2] * across, at[3]]
}

/** Means over 7 frames around each one, fewer at the ends. */
function blended(postures: readonly Posture[]): Posture[] {
  return postures.map((posture, frame) => {
    const near = postures.slice(Math.max(0, frame - (BLEND >> 1)), frame + (BLEND >> 1) + 1)
    return posture.map((_, part) => near.reduce((sum, one) => sum + one[part]!, 0) / near.length)
  })
}

/** Between -1 and 1: a point every 24 frames, smooth in between. */
function slowDrift(frames: number, random: Random): number[] {
  const knots = Array.from({ length: Math.ceil(frames / 24) + 2 }, () => random.between(-1, 1))
  return Array.from({ length: frames }, (_, frame) => {
    const [knot, share] = [Math.floor(frame / 24), (frame % 24) / 24]
    const weight = share * share * (3 - 2 * share)
    return knots[knot]! * (1 - weight) + knots[knot + 1]! * weight
  })
}

/** The body as the hands want it: left of the subject, up, forward, in body heights above the floor. */
function assemble(body: Body, place: Place, [lean, aside, above, forward, apart]: Posture): Point[] {
  const isStanding = place === 'table'
  const back = -1.2 * lean!
  const standing = body.ankle + Math.sqrt((0.985 * (body.thigh + body.shin)) ** 2 - back ** 2)
  const hip: Point = [0, isStanding ? standing : 0.04 + 0.97 * body.thigh, back]
  const trunk = circle(lean!)
  const shoulder = plus(hip, times([0.15 * aside!, trunk.cos, trunk.sin], body.torso))
  const head = plus(shoulder, times([0, trunk.cos, trunk.sin], body.neck))
  const nod = circle(1.5 * lean! + 0.04)
  const onHead = (x: number, y: number, z: number): Point => plus(head, [x, y * nod.cos - z * nod.sin, y * nod.sin + z * nod.cos])
  const work: Point = [aside!, (isStanding ? 0.52 : 0.2) + above!, (hip[2] + shoulder[2]) / 2 + forward!]
  const side = (sign: -1 | 1): Point[] => {
    const own = plus(shoulder, [sign * body.shoulders, 0, 0])
    const [elbow, wrist] = reach(own, plus(work, [sign * apart!, 0, 0]), [body.upperArm, body.forearm], [0.7 * sign, -1, -0.4])
    const hipJoint = plus(hip, [sign * body.hips, 0, 0])
    const ankle: Point = isStanding ? [1.1 * sign * body.hips, body.ankle, 0] : [1.2 * sign * body.hips, 0.04, hip[2] - 0.94 * body.shin]
    const [knee] = reach(hipJoint, ankle, [body.thigh, body.shin], isStanding ? [0.1 * sign, 0, 1] : [0.1 * sign, -1, 1])
    const toe: Point = isStanding ? [0, -0.7 * body.ankle, 0.11] : [0, -0.02, -0.05]
    const heel: Point = isStanding ? [0, -0.7 * body.ankle, -0.03] : [0, 0.04, -0.03]
    return [own, elbow, wrist, hipJoint, knee, ankle, plus(ankle, toe), plus(ankle, plus(toe, [0.025 * sign, 0, -0.015])), plus(ankle, heel)]
  }
  const [left, right] = [side(1), side(-1)]
  return [
    onHead(0, 0, 0.06), onHead(0.018, 0.02, 0.05), onHead(-0.018, 0.02, 0.05), onHead(0.043, 0.012, 0), onHead(-0.043, 0.012, 0),
    ...Array.from({ length: 6 }, (_, part) => [left[part]!, right[part]!]).flat(), ...left.slice(6), ...right.slice(6),
  ]
}
