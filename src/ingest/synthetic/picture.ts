import type { Skeleton } from '../../skeleton.ts'
import type { Pixel } from './camera.ts'

export type Colour = readonly [red: number, green: number, blue: number]
/** Colours as words, red in the lowest byte, row by row: [height, width]. */
export type Picture = { readonly width: number; readonly height: number; readonly pixels: Uint32Array }

/** Of what is on neither side of the body. */
export const MIDDLE: Colour = [235, 235, 225]
const RIGHT: Colour = [90, 170, 255]
const LEFT: Colour = [255, 130, 90]

/** One frame: limbs as thick lines before a plain wall and floor, the subject's right side blue, the left one orange. Points are px of the picture. */
export function drawFigure(
  points: readonly Pixel[], skeleton: Pick<Skeleton, 'joints' | 'edges'>, { width, height, wall }: { readonly width: number; readonly height: number; readonly wall: Colour },
): Picture {
  const pixels = new Uint32Array(width * height).fill(word(wall))
  pixels.fill(word([wall[0] >> 1, wall[1] >> 1, wall[2] >> 1]), width * Math.round(0.8 * height))
  const picture = { width, height, pixels }
  const radius = 0.012 * Math.min(width, height)
  for (const [a, b] of skeleton.edges) drawLimb(picture, [points[a]!, points[b]!], radius, colourOf(skeleton, a, b))
  drawLimb(picture, [points[0]!, points[0]!], 2.2 * radius, MIDDLE)
  return picture
}

/** Colours every pixel whose centre is within `radius` of the segment. */
export function drawLimb({ width, height, pixels }: Picture, [[ax, ay], [bx, by]]: readonly [Pixel, Pixel], radius: number, colour: Colour): void {
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const value = word(colour)
  for (let y = Math.max(0, Math.floor(Math.min(ay, by) - radius)); y < Math.min(height, Math.max(ay, by) + radius); y++) {
    for (let x = Math.max(0, Math.floor(Math.min(ax, bx) - radius)); x < Math.min(width, Math.max(ax, bx) + radius); x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay]
      const share = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square))
      const [ox, oy] = [px - share * dx, py - share * dy]
      if (ox * ox + oy * oy <= radius * radius) pixels[y * width + x] = value
    }
  }
}

function word([red, green, blue]: Colour): number {
  return (blue << 16) | (green << 8) | red
}

function colourOf({ joints }: Pick<Skeleton, 'joints'>, a: number, b: number): Colour {
  const sides = [joints[a]!, joints[b]!].map((name) => name.split('_')[0]!)
  if (sides[0] !== sides[1]) return MIDDLE
  return sides[0] === 'right' ? RIGHT : LEFT
}
