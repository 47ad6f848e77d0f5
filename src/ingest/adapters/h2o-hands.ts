import type { Camera } from '../../camera.ts'
import { ABSENT, type Clip, OBSERVED } from '../../clip.ts'

type Keypoints = { readonly keypoints: Float32Array; readonly states: Uint8Array; readonly raw: Float32Array }

const JOINTS = 42
/** Nearer to the camera's centre nothing can be projected, m. */
const NEAREST = 0.05

/** Left hand 0..20, right hand 21..41, each after its flag: where joint `joint` begins among the 128 numbers. */
const placeOf = (joint: number): number => (joint < 21 ? 1 + 3 * joint : 65 + 3 * (joint - 21))
const isAnnotated = (numbers: Float64Array, joint: number): boolean => numbers[joint < 21 ? 0 : 64]! > 0

/** 42 joints in metres in the camera's frame; a hand whose flag is 0 is absent, its numbers kept as raw. */
export function handsIn3d(hands: readonly (Float64Array | null)[]): Keypoints {
  return fill(hands, 3, (numbers, joint) => {
    const at = placeOf(joint)
    return { isThere: isAnnotated(numbers, joint), point: [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!] }
  })
}

/** The same joints in px of the image: u = fx X / Z + cx, v = fy Y / Z + cy; absent where the hand is, or nearer than 5 cm. `outside` = some lie beyond the image. */
export function handsIn2d(hands: readonly (Float64Array | null)[], { fx, fy, cx, cy, width, height }: Camera): Keypoints & { readonly outside: boolean } {
  let outside = false
  const projected = fill(hands, 2, (numbers, joint) => {
    const at = placeOf(joint)
    const [x, y, z] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!]
    const isThere = isAnnotated(numbers, joint) && z > NEAREST
    const [u, v] = isThere ? [(fx * x) / z + cx, (fy * y) / z + cy] : [NaN, NaN]
    outside ||= isThere && (u < 0 || u >= width || v < 0 || v >= height)
    return { isThere, point: [u, v] }
  })
  return { ...projected, outside }
}

/** Absent in every frame: what a clip of hands has where there is no folder of hands. */
function fill(hands: readonly (Float64Array | null)[], dims: 2 | 3, place: (numbers: Float64Array, joint: number) => { isThere: boolean; point: readonly number[] }): Keypoints {
  const cells = hands.length * JOINTS
  const keypoints = new Float32Array(cells * (dims + 1))
  const states = new Uint8Array(cells)
  const raw = new Float32Array(cells * dims).fill(NaN)
  for (const [frame, numbers] of hands.entries()) {
    for (let joint = 0; joint < JOINTS; joint++) {
      const cell = frame * JOINTS + joint
      const { isThere, point } = numbers === null ? { isThere: false, point: [] } : place(numbers, joint)
      states[cell] = isThere ? OBSERVED : ABSENT
      for (let axis = 0; axis < dims; axis++) {
        raw[cell * dims + axis] = point[axis] ?? NaN
        keypoints[cell * (dims + 1) + axis] = isThere ? point[axis]! : NaN
      }
      keypoints[cell * (dims + 1) + dims] = isThere ? 1 : 0
    }
  }
  return { keypoints, states, raw }
}

/** `frames-without-observed-joint`, `no-observed-joint`. */
export function handFlags({ states }: Pick<Keypoints, 'states'>, frames: number): Clip['flags'] {
  const empty = Array.from({ length: frames }, (_, frame) => states.subarray(frame * JOINTS, (frame + 1) * JOINTS).every((state) => state === ABSENT)).filter((isEmpty) => isEmpty).length
  return [...(empty > 0 ? ['frames-without-observed-joint'] : []), ...(empty === frames ? ['no-observed-joint'] : [])]
}
