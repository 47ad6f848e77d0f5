import { encode } from 'jpeg-js'
import type { Skeleton } from '../../skeleton.ts'
import type { Film } from './film.ts'

/** Grey of the background, of a limb, and of a joint. */
const [BACKGROUND, LIMB, JOINT] = [40, 150, 255]
const QUALITY = 75

/** One frame of a film as a JPEG: limbs as lines of 3 px, joints as squares of 5 px; what the annotation parks in the corner is not drawn. */
export function drawStickFigure({ x, y, frames, width, height }: Film, frame: number, skeleton: Skeleton): Uint8Array {
  const pixels = new Uint8Array(width * height * 4).fill(BACKGROUND)
  const points = skeleton.joints.map((_, joint) => [x[joint * frames + frame]!, y[joint * frames + frame]!] as const)
  const stamp = ([left, top]: readonly [number, number], reach: number, grey: number): void => {
    for (let row = Math.max(0, Math.floor(top) - reach); row <= Math.min(height - 1, Math.floor(top) + reach); row++) {
      for (let column = Math.max(0, Math.floor(left) - reach); column <= Math.min(width - 1, Math.floor(left) + reach); column++) {
        pixels.fill(grey, (row * width + column) * 4, (row * width + column) * 4 + 3)
      }
    }
  }
  for (const [from, to] of skeleton.edges.map(([a, b]) => [points[a]!, points[b]!] as const)) {
    const steps = isDrawn(from) && isDrawn(to) ? Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1)) : -1
    for (let step = 0; step <= steps; step++) stamp([from[0] + ((to[0] - from[0]) * step) / steps, from[1] + ((to[1] - from[1]) * step) / steps], 1, LIMB)
  }
  for (const point of points) if (isDrawn(point)) stamp(point, 2, JOINT)
  return encode({ data: pixels, width, height }, QUALITY).data
}

function isDrawn([left, top]: readonly [number, number]): boolean {
  return left > 2 || top > 2
}
