import type { HandFlags } from './h2o-annotator.ts'
import { type H2oCamera, setUpCamera } from './h2o-camera.ts'
import { handJoints, manoNumbers } from './h2o-hand.ts'
import { boxPoints } from './h2o-object.ts'
import { after, inverse, place, rows } from './h2o-rigid.ts'
import type { H2oSequence } from './h2o-truth.ts'

/** A sequence as one camera truly saw it, annotated or not: metres in that camera's frame (x right, y down, z forward). */
export type H2oView = {
  readonly camera: H2oCamera
  /** fx, fy, cx, cy, width, height in px. */
  readonly intrinsics: readonly number[]
  /** [T, 16] camera -> world. */
  readonly cameraPoses: Float64Array
  /** [T, 42, 3]: left hand, right hand, each wrist first. The files have zeros where the flag is 0. */
  readonly hands: Float64Array
  /** [T, 2] 1 = annotated, 0 = not. */
  readonly handFlags: HandFlags
  /** [T, 2, 61]: place, 16 axis-angles, shape. */
  readonly mano: Float64Array
  /** [T, 21, 3]; zeros where there is no object. */
  readonly objectPoints: Float64Array
  /** [T, 16] object -> camera; zeros where there is no object. */
  readonly objectPoses: Float64Array
  /** [T, 42, 2] px of the 1280 x 720 image, inside or not. */
  readonly pixels: Float64Array
}

/** Films a sequence with one of the twin's cameras. */
export function viewH2o(sequence: H2oSequence, camera: H2oCamera): H2oView {
  const { intrinsics, poses } = setUpCamera(sequence.seed, sequence, { camera, frames: sequence.frames })
  const [fx, fy, cx, cy] = intrinsics as [number, number, number, number]
  const eyes = poses.map(inverse)
  const hands = sequence.hands.flatMap(([left, right], frame) => [...handJoints(left, 'left', sequence.build), ...handJoints(right, 'right', sequence.build)]
    .map((joint) => place(eyes[frame]!, joint)))
  const objects = sequence.objects.map((one, frame) => one === null ? null : { object: one.object, pose: after(eyes[frame]!, one.pose) })
  return {
    camera,
    intrinsics,
    handFlags: sequence.handFlags.get(camera)!,
    cameraPoses: Float64Array.from(poses.flatMap(rows)),
    hands: Float64Array.from(hands.flat()),
    mano: Float64Array.from(sequence.hands.flatMap((pair, frame) => pair.flatMap((hand) => manoNumbers(hand, eyes[frame]!, sequence.build)))),
    objectPoints: Float64Array.from(objects.flatMap((one) => one === null ? [...new Float64Array(63)] : boxPoints(one.object, one.pose).flat())),
    objectPoses: Float64Array.from(objects.flatMap((one) => one === null ? [...new Float64Array(16)] : rows(one.pose))),
    pixels: Float64Array.from(hands.flatMap(([x, y, z]) => [(fx * x) / z + cx, (fy * y) / z + cy])),
  }
}
