import { circle } from '../../../elementary.ts'
import { type Random, randomAt } from '../../../random.ts'
import { drawHands, type HandBuild, type HandPose } from './h2o-hand.ts'
import { moveH2o, type H2oState } from './h2o-motion.ts'
import { boxSize } from './h2o-object.ts'
import { after, partWay, place, type Rigid, turn } from './h2o-rigid.ts'
import type { H2oPlace } from './h2o-sequences.ts'
import { drawH2oScript, type H2oSegment } from './h2o-script.ts'
import { type Point, plus, times } from '../person.ts'

/** What truly happened in one sequence, in metres of a world whose x goes to the subject's right, y ahead, z up from the table; one entry per frame. */
export type H2oWorld = {
  readonly frames: number
  /** In order; frames outside of them are background. */
  readonly segments: readonly H2oSegment[]
  readonly build: HandBuild
  /** Left, right. */
  readonly hands: readonly (readonly [HandPose, HandPose])[]
  /** The object in hand: its class and its pose, object -> world; null = put away. */
  readonly objects: readonly ({ readonly object: number; readonly pose: Rigid } | null)[]
}

/** A hand at rest and how it sways there, from frame to frame. */
type Rest = { readonly at: Point; readonly yaw: number; readonly curl: number; readonly sway: readonly { readonly period: number; readonly phase: number }[] }
type Places = { readonly from: Point; readonly to: Point; readonly yaw: number }

const LIFT = 0.09
const TILT = 0.27
const SWAY = 0.006

/** The world of the sequence at a position of the twin's order: the same one in every twin of that seed. */
export function makeH2oWorld(seed: number, { path, subject }: H2oPlace, position: number): H2oWorld {
  const random = randomAt({ seed, clip: `h2o/${path}`, transform: 'twin' })
  const { frames, segments } = drawH2oScript(position, random.fork('script'))
  const build = drawHands(randomAt({ seed, clip: `h2o/subject${subject}`, transform: 'twin' }).fork('hands'))
  const rests = [drawRest(-1, random.fork('left')), drawRest(1, random.fork('right'))] as const
  const places = new Map([...new Set(segments.map(({ object }) => object))].map((object) => [object, drawPlaces(random.fork(object))]))
  const isPutAway = random.chance(0.3)
  const scenes = moveH2o({ frames, segments }).map((state, frame) => {
    const object = (segments.findLast(({ start }) => start <= frame) ?? segments[0]!).object
    const pose = objectPose(state, object, places.get(object)!)
    const hands = [leftHand(state, rests[0], frame, topOf(object, pose)), rightHand(state, rests[1], frame, { object, pose })] as const
    return { hands, object: isPutAway && frame >= segments.at(-1)!.end ? null : { object, pose } }
  })
  return { frames, segments, build, hands: scenes.map(({ hands }) => hands), objects: scenes.map(({ object }) => object) }
}

function drawRest(side: -1 | 1, random: Random): Rest {
  const at: Point = [side * random.between(0.17, 0.23), random.between(-0.08, -0.02), random.between(0.06, 0.09)]
  const sway = Array.from({ length: 8 }, () => ({ period: random.between(20, 60), phase: random.uniform() }))
  return { at, yaw: side * random.between(0.02, 0.08), curl: random.between(0.1, 0.3), sway }
}

function drawPlaces(random: Random): Places {
  const from: Point = [random.between(0.02, 0.08), random.between(0.04, 0.1), 0]
  return { from, to: [random.between(-0.08, -0.02), random.between(0.04, 0.1), 0], yaw: random.between(-0.06, 0.06) }
}

function objectPose({ slide, lift, tilt }: H2oState, object: number, { from, to, yaw }: Places): Rigid {
  const foot = plus(blend(from, to, slide), [0, 0, LIFT * lift])
  return { axes: after(turn(2, yaw), turn(1, -TILT * tilt)).axes, at: plus(foot, [0, 0, boxSize(object)[2] / 2]) }
}

function topOf(object: number, pose: Rigid): Point {
  return place(pose, [0, 0, boxSize(object)[2] / 2])
}

/** Rests over the table palm down, or is above the object's top. */
function leftHand({ aid, reach, rub }: H2oState, rest: Rest, frame: number, top: Point): HandPose {
  const target = plus(top, [-0.07 + 0.03 * rub, -0.09, 0.05 + 0.07 * reach])
  const wrist = after(turn(2, rest.yaw + (0.03 * rub - 0.04) * aid), turn(1, 0.05 * aid))
  return { wrist: { axes: wrist.axes, at: plus(blend(rest.at, target, aid), sway(rest, frame)) }, curls: curls(rest.curl + 0.35 * aid, rest, frame) }
}

/** Rests over the table palm down, or holds the object from its right side, thumb up, and goes with it. */
function rightHand({ grip, press }: H2oState, rest: Rest, frame: number, { object, pose }: { readonly object: number; readonly pose: Rigid }): HandPose {
  const holding = place(pose, [boxSize(object)[0] / 2 + 0.03, -0.085, 0])
  const held = after(pose, turn(1, 0.25))
  const free = turn(2, rest.yaw)
  const wrist = { axes: partWay(free, held, grip).axes, at: plus(blend(rest.at, holding, grip), times(sway(rest, frame), 1 - grip)) }
  return { wrist, curls: curls(rest.curl + 0.3 * grip + 0.25 * press, rest, frame) }
}

function curls(curl: number, rest: Rest, frame: number): number[] {
  return Array.from({ length: 5 }, (_, finger) => curl + 0.05 * wave(rest, 3 + finger, frame))
}

function sway(rest: Rest, frame: number): Point {
  return [SWAY * wave(rest, 0, frame), SWAY * wave(rest, 1, frame), SWAY * wave(rest, 2, frame)]
}

function wave({ sway: waves }: Rest, at: number, frame: number): number {
  const { period, phase } = waves[at]!
  return circle(frame / period + phase).sin
}

function blend(a: Point, b: Point, share: number): Point {
  return plus(times(a, 1 - share), times(b, share))
}
