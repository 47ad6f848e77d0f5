import { circle } from '../../../elementary.ts'
import { randomAt } from '../../../random.ts'
import { DISTANCE, ORIGIN_HEIGHT } from './ikea-motion.ts'
import { type Point, plus, times } from '../person.ts'

export type Device = 'dev1' | 'dev2' | 'dev3'
/** In the order of the database; dev3 looks from above, dev2 is the world. */
export const devices: readonly Device[] = ['dev3', 'dev1', 'dev2']

/** x_px = K (R X + T), X and T in cm, matrices row by row. */
export type Pinhole = { readonly k: readonly number[]; readonly r: readonly number[]; readonly t: readonly number[] }
/** px, of a Kinect's colour camera. */
export const IMAGE = { width: 1920, height: 1080 } as const

/** Scenes with the same cameras. */
const groups: readonly (readonly number[])[] = [[1, 2], [4, 5], [6, 7], [8], [9, 10, 11]]
/** Turns around the person from dev2, tilt by height above the floor and distance from the person, cm. */
const stands: Readonly<Record<Device, { readonly around: number; readonly height: number; readonly away: number }>> = {
  dev1: { around: -0.19, height: 130, away: 310 }, dev2: { around: 0, height: ORIGIN_HEIGHT, away: DISTANCE }, dev3: { around: 0.08, height: 225, away: 290 },
}

/** The cameras of a scene, as calibrated: the same for the same seed and group of scenes. */
export function cameraOf(seed: number, scene: number, device: Device): Pinhole {
  const random = randomAt({ seed, clip: `ikea-asm/cameras ${groups.findIndex((group) => group.includes(scene))}`, transform: 'twin' }).fork(device)
  const about = (value: number, spread: number): number => Math.round((value + random.between(-spread, spread)) * 1e4) / 1e4
  const focal = about(1070, 15)
  const k = [focal, 0, about(959.5, 12), 0, about(focal, 1), about(539.5, 10), 0, 0, 1]
  if (device === 'dev2') return { k, r: [1, 0, 0, 0, 1, 0, 0, 0, 1], t: [0, 0, 0] }
  const { around, height, away } = stands[device]
  const turn = circle(around + random.between(-0.01, 0.01))
  const eye: Point = [-away * turn.sin, ORIGIN_HEIGHT - about(height, 8), DISTANCE - away * turn.cos]
  return { k, ...lookAt(eye, [0, ORIGIN_HEIGHT - 85, DISTANCE]) }
}

/** A camera upright at `eye` that has `target` in its middle: x right, y down, z forward. */
function lookAt(eye: Point, target: Point): Pick<Pinhole, 'r' | 't'> {
  const forward = unit(plus(target, times(eye, -1)))
  const right = unit(cross([0, 1, 0], forward))
  const rows = [right, cross(forward, right), forward]
  return { r: rows.flat(), t: rows.map((row) => -dot(row, eye)) }
}

/** World to camera, both in cm: [n, 3]. */
export function toCamera({ r, t }: Pinhole, points: Float64Array): Float64Array {
  return points.map((_, at) => {
    const [row, from] = [at % 3, at - (at % 3)]
    return r[3 * row]! * points[from]! + r[3 * row + 1]! * points[from + 1]! + r[3 * row + 2]! * points[from + 2]! + t[row]!
  })
}

/** Camera to image, cm to px: [n, 3] to [n, 2]. */
export function toPixels({ k }: Pinhole, points: Float64Array): Float64Array {
  return Float64Array.from({ length: (points.length / 3) * 2 }, (_, at) => {
    const [axis, from] = [at % 2, 3 * (at >> 1)]
    return (k[4 * axis]! * points[from + axis]!) / points[from + 2]! + k[3 * axis + 2]!
  })
}

function unit(a: Point): Point {
  return times(a, 1 / Math.sqrt(dot(a, a)))
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
