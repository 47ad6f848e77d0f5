import type { Camera } from '../../../camera.ts'
import { ABSENT, type Clip, OBSERVED } from '../../../clip.ts'

type Keypoints = { readonly keypoints: Float32Array; readonly states: Uint8Array; readonly raw: Float32Array }
/** [T] the 128 numbers of a file of hands; null = there are none. */
type Hands = readonly (Float64Array | null)[]

const JOINTS = 42
/** Nearer to the camera's centre nothing can be projected, m. */
const NEAREST = 0.05

/** Left hand 0..20, right hand 21..41, each after its flag: where joint `joint` begins among the 128 numbers. */
const placeOf = (joint: number): number => (joint < 21 ? 1 + 3 * joint : 65 + 3 * (joint - 21))
const isAnnotated = (numbers: Float64Array, joint: number): boolean => numbers[joint < 21 ? 0 : 64]! > 0

/** 42 joints in metres in the camera's frame, the doubles of the file as floats; a hand whose flag is 0 is absent, its numbers kept as raw. */
export function handsIn3d(hands: Hands): Keypoints {
  return fill(hands, 3, (numbers, joint, point) => {
    point.set(numbers.subarray(placeOf(joint), placeOf(joint) + 3))
    return isAnnotated(numbers, joint)
  })
}

/**
 * The same joints in px of the image, computed in doubles: u = fx X / Z + cx, v = fy Y / Z + cy; absent where the hand is, and at a Z of 5 cm and less.
 * Joints beyond the image keep their coordinates.
 */
export function handsIn2d(hands: Hands, { fx, fy, cx, cy }: Camera): Keypoints {
  return fill(hands, 2, (numbers, joint, point) => {
    const at = placeOf(joint)
    const [x, y, z] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!]
    if (!isAnnotated(numbers, joint) || z <= NEAREST) return false
    point[0] = (fx * x) / z + cx
    point[1] = (fy * y) / z + cy
    return true
  })
}

/** `place` writes a joint's coordinates into `point`, NaN before, and answers whether it is annotated. What no float can hold is absent. */
function fill(hands: Hands, dims: 2 | 3, place: (numbers: Float64Array, joint: number, point: Float32Array) => boolean): Keypoints {
  const cells = hands.length * JOINTS
  const keypoints = new Float32Array(cells * (dims + 1)).fill(NaN)
  const states = new Uint8Array(cells).fill(ABSENT)
  const raw = new Float32Array(cells * dims).fill(NaN)
  for (let cell = 0; cell < cells; cell++) {
    const numbers = hands[Math.floor(cell / JOINTS)]!
    const point = raw.subarray(cell * dims, (cell + 1) * dims)
    const isThere = numbers !== null && place(numbers, cell % JOINTS, point) && point.every(Number.isFinite)
    if (isThere) {
      keypoints.set(point, cell * (dims + 1))
      states[cell] = OBSERVED
    }
    keypoints[cell * (dims + 1) + dims] = isThere ? 1 : 0
  }
  return { keypoints, states, raw }
}

/** `frames-without-observed-joint`, `no-observed-joint`, and of joints in px `joints-outside-image`. */
export function handFlags({ states, raw }: Keypoints, frames: number, image: { readonly width: number; readonly height: number } | null): Clip['flags'] {
  let empty = 0
  for (let frame = 0; frame < frames; frame++) if (states.subarray(frame * JOINTS, (frame + 1) * JOINTS).every((state) => state === ABSENT)) empty++
  const isOutside = image !== null && states.some((state, cell) => state === OBSERVED && !isInside(raw[2 * cell]!, raw[2 * cell + 1]!, image))
  return [...(empty > 0 ? ['frames-without-observed-joint'] : []), ...(empty === frames ? ['no-observed-joint'] : []),
    ...(isOutside ? ['joints-outside-image'] : [])]
}

function isInside(u: number, v: number, { width, height }: { readonly width: number; readonly height: number }): boolean {
  return u >= 0 && u < width && v >= 0 && v < height
}
