import { circle } from '../../elementary.ts'
import type { Random } from '../../random.ts'
import type { Joints } from './person.ts'

export type View = 'front' | 'back' | 'left' | 'right'
/** px */
export type Pixel = readonly [x: number, y: number]

/** A recording as the annotators saw it. `step` px is one pixel of the source video, scaled to the delivered frame. */
export type Recording = {
  readonly view: View
  readonly width: number
  readonly height: number
  readonly step: number
  readonly pixels: readonly (readonly Pixel[])[]
}

/** Sizes as common in Penn Action; the last one has whole-numbered coordinates. */
const SIZES = [
  { width: 480, height: 270, step: 0.75 },
  { width: 480, height: 360, step: 0.75 },
  { width: 270, height: 480, step: 0.75 },
  { width: 480, height: 360, step: 1 },
] as const

/** Where the camera stands around the subject, in turns: 0 = before the face, 0.25 = at the subject's left. */
const PLACES: Readonly<Record<View, number>> = { front: 0, left: 0.25, back: 0.5, right: 0.75 }
const VIEWS = Object.keys(PLACES) as View[]

/**
 * Films a performance from one of four sides (from behind, left and right swap; from the side, widths shrink), fitted somewhere into the frame, slightly
 * rolled.
 */
export function film(performance: readonly Joints[], random: Random): Recording {
  const view = VIEWS[random.integer(VIEWS.length)]!
  const size = SIZES[random.integer(SIZES.length)]!
  const around = circle(PLACES[view] + random.between(-0.06, 0.06))
  const roll = circle(random.between(-0.008, 0.008))
  const flat = performance.map((joints) => joints.map(([x, y, z]): Pixel => {
    const across = x * around.cos - z * around.sin
    return [across * roll.cos - y * roll.sin, -(y * roll.cos + across * roll.sin)]
  }))
  const [xs, ys] = [0, 1].map((axis) => flat.flatMap((joints) => joints.map((point) => point[axis]!))) as [number[], number[]]
  const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)]
  const scale = random.between(0.6, 0.86) * Math.min(size.width / (right - left), size.height / (bottom - top))
  const [freeX, freeY] = [size.width - scale * (right - left), size.height - scale * (bottom - top)]
  const [x0, y0] = [freeX * random.between(0.1, 0.9), freeY * random.between(0.3, 0.8)]
  return { view, ...size, pixels: flat.map((joints) => joints.map(([x, y]): Pixel => [x0 + scale * (x - left), y0 + scale * (y - top)])) }
}

export function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity)
}

export function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity)
}
