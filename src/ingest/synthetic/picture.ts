import type { Skeleton } from '../../skeleton.ts'
import type { Pixel } from './camera.ts'

export type Colour = readonly [red: number, green: number, blue: number]
/** Colours as words, red in the lowest byte, row by row: [height, width]. */
export type Picture = { readonly width: number; readonly height: number; readonly pixels: Uint32Array }

/** Of what is on neither side of the body. */
export const MIDDLE: Colour = [235, 235, 225]
const RIGHT: Colour = [90, 170, 255]
const LEFT: Colour = [255, 130, 90]

type Room = { readonly width: number; readonly height: number; readonly wall: Colour }

/** One frame: limbs as thick lines before a plain wall and floor, the subject's right side blue, the left one orange. Points are px of the picture. */
export function drawFigure(points: readonly Pixel[], skeleton: Pick<Skeleton, 'joints' | 'edges'>, room: Room): Picture {
  const picture = drawRoom(room)
  drawLimbs(picture, points, skeleton, 0.012 * Math.min(room.width, room.height))
  return picture
}

/** A plain wall and a floor of half its brightness. */
export function drawRoom({ width, height, wall }: Room): Picture {
  const pixels = new Uint32Array(width * height).fill(word(wall))
  pixels.fill(word([wall[0] >> 1, wall[1] >> 1, wall[2] >> 1]), width * Math.round(0.8 * height))
  return { width, height, pixels }
}

/** A body's limbs and head. */
export function drawLimbs(picture: Picture, points: readonly Pixel[], skeleton: Pick<Skeleton, 'joints' | 'edges'>, radius: number): void {
  for (const [a, b] of skeleton.edges) drawLimb(picture, [points[a]!, points[b]!], radius, colourOf(skeleton, a, b))
  drawLimb(picture, [points[0]!, points[0]!], 2.2 * radius, MIDDLE)
}

/** Colours every pixel whose centre lies between two corners, as far as the picture goes. */
export function drawBox({ width, height, pixels }: Picture, [[left, top], [right, bottom]]: readonly [Pixel, Pixel], colour: Colour): void {
  const [from, to] = [Math.max(0, Math.ceil(left - 0.5)), Math.min(width, Math.ceil(right - 0.5))]
  for (let y = Math.max(0, Math.ceil(top - 0.5)); y < Math.min(height, Math.ceil(bottom - 0.5)); y++) pixels.fill(word(colour), y * width + from, y * width + to)
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
