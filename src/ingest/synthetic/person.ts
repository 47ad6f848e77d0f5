import type { Random } from '../../random.ts'

/** Left of the subject, up, forward; in body heights. */
export type Point = readonly [x: number, y: number, z: number]
/** The 13 joints of `penn-13` in column order. */
export type Joints = readonly Point[]

/** Lengths in body heights. */
export type Body = {
  readonly shin: number
  readonly thigh: number
  readonly torso: number
  readonly neck: number
  readonly upperArm: number
  readonly forearm: number
  /** Half of the distance between the shoulders, the hips. */
  readonly shoulders: number
  readonly hips: number
  /** Height of the ankle joint. */
  readonly ankle: number
}

/** A body of its own proportions: every length within 10 % of an average one (Winter, Biomechanics and Motor Control of Human Movement, figure 4.1). */
export function drawBody(random: Random): Body {
  const about = (length: number): number => length * random.between(0.9, 1.1)
  return {
    shin: about(0.246), thigh: about(0.245), torso: about(0.288), neck: about(0.13), upperArm: about(0.186), forearm: about(0.146),
    shoulders: about(0.12), hips: about(0.08), ankle: about(0.039),
  }
}

/**
 * The middle and end joint of a limb of two bones from `start` towards `target`, its middle bent towards `bend`.
 * A target out of reach is reached for: the end stays on the line, nearly straight or nearly folded.
 */
export function reach(start: Point, target: Point, bones: readonly [number, number], bend: Point): readonly [Point, Point] {
  const [a, b] = bones
  const way = minus(target, start)
  const distance = Math.min(Math.max(norm(way), Math.abs(a - b) * 1.02), (a + b) * 0.998)
  const direction = times(way, 1 / norm(way))
  const along = (a * a - b * b + distance * distance) / (2 * distance)
  const aside = minus(bend, times(direction, dot(bend, direction)))
  const height = Math.sqrt(Math.max(0, a * a - along * along))
  return [plus(plus(start, times(direction, along)), times(aside, height / norm(aside))), plus(start, times(direction, distance))]
}

export function plus(a: Point, b: Point): Point {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

export function times(a: Point, factor: number): Point {
  return [a[0] * factor, a[1] * factor, a[2] * factor]
}

function minus(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function norm(a: Point): number {
  return Math.sqrt(dot(a, a))
}
