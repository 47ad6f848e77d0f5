import { circle } from '../../../elementary.ts'
import { type Random, randomAt } from '../../../random.ts'
import { look, type Rigid } from './h2o-rigid.ts'
import type { H2oPlace } from './h2o-sequences.ts'
import { type Point, plus, times } from '../person.ts'

/** 0..3 stand round the table, 4 is on the subject's head. */
export type H2oCamera = 0 | 1 | 2 | 3 | 4
/** `intrinsics`: fx, fy, cx, cy, width, height in px, no distortion. `poses`: camera -> world, frame by frame; x right, y down, z forward. */
type H2oOptics = { readonly intrinsics: readonly number[]; readonly poses: readonly Rigid[] }

/** A published line of cam4; a twin's cameras are within 1 % of it. */
const TYPICAL = [636.6593017578125, 636.251953125, 635.283881879317, 366.8740353496978]
const HEAD: Point = [0, -0.26, 0.54]
const HANDS: Point = [0, 0.04, 0.1]
/** Where the fixed cameras stand, in turns counter-clockwise from the subject's right. */
const AZIMUTHS = [0.03, 0.17, 0.34, 0.48]

/** A camera of a sequence: the fixed ones stay where they are for all that a subject does, the head's moves with every frame. */
export function setUpCamera(seed: number, { path, subject }: H2oPlace, { camera, frames }: { readonly camera: H2oCamera; readonly frames: number }): H2oOptics {
  const rig = randomAt({ seed, clip: `h2o/subject${subject}`, transform: 'twin' }).fork('camera').fork(camera)
  const intrinsics = [...TYPICAL.map((value) => value * rig.between(0.99, 1.01)), 1280, 720]
  if (camera === 4) return { intrinsics, poses: wearCamera(frames, randomAt({ seed, clip: `h2o/${path}`, transform: 'twin' }).fork('head')) }
  const { cos, sin } = circle(AZIMUTHS[camera]! + rig.between(-0.02, 0.02))
  const away = rig.between(0.65, 0.85)
  const pose = look([away * cos, away * sin, rig.between(0.45, 0.65)], near(HANDS, rig))
  return { intrinsics, poses: Array.from({ length: frames }, () => pose) }
}

/** A head that sways by centimetres and looks about, at every sequence in its own way. */
function wearCamera(frames: number, random: Random): Rigid[] {
  const [head, gaze] = [near(HEAD, random), near(HANDS, random)]
  const waves = Array.from({ length: 6 }, () => ({ size: random.between(0.01, 0.03), period: random.between(40, 150), phase: random.uniform() }))
  return Array.from({ length: frames }, (_, frame) => {
    const [a, b, c, d, e, f] = waves.map(({ size, period, phase }) => size * circle(frame / period + phase).sin)
    return look(plus(head, [a!, b!, c!]), plus(gaze, [2 * d!, 2 * e!, f!]))
  })
}

function near(point: Point, random: Random): Point {
  return plus(point, times([random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)], 0.03))
}
