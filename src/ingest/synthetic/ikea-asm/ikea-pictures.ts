import { type Random, randomAt } from '../../../random.ts'
import { type Device, IMAGE } from './ikea-camera.ts'
import { writeJpeg } from './ikea-jpeg-writer.ts'
import { coco } from './ikea-joints.ts'
import type { IkeaScan } from './ikea-truth.ts'

/** The size that pictures are drawn in, px: an eighth of what the coordinates of the pose files speak of. */
export const DRAWN = { width: 240, height: 135 } as const

type Colour = readonly [red: number, green: number, blue: number]
type Spot = readonly [x: number, y: number]
const BRIGHT: Colour = [235, 235, 225]
const SIDES: Readonly<Record<string, Colour>> = { left: [255, 130, 90], right: [90, 170, 255] }
const JOINTS = coco.joints.length
const SCALE = DRAWN.width / IMAGE.width
const BITS = 9

/**
 * JPEGs of the worker before a wall and a floor, the right side blue, the left one orange. Each bears the number of its frame, so that one that is not the
 * frame asked for gives itself away: nine bits, lowest first, as bright bars around x = 10 + 12 bit, y = 4.
 */
export function* drawFilm(seed: number, { index, views }: IkeaScan, device: Device): Generator<Uint8Array> {
  const { pixels, frames } = views[device]
  const wall = drawWall(randomAt({ seed, clip: `ikea-asm/${index}`, transform: 'twin' }).fork(`wall ${device}`))
  for (let frame = 0; frame < frames; frame++) {
    const rgb = wall.slice()
    const spots = Array.from({ length: JOINTS }, (_, joint): Spot => {
      const at = (frame * JOINTS + joint) * 2
      return [SCALE * pixels[at]!, SCALE * pixels[at + 1]!]
    })
    for (const [a, b] of coco.edges) drawLine(rgb, [spots[a]!, spots[b]!], 1.5, colourOf(a, b))
    drawLine(rgb, [spots[0]!, spots[0]!], 3.5, BRIGHT)
    for (let bit = 0; bit < BITS; bit++) if ((frame >> bit) & 1) drawLine(rgb, [[8 + 12 * bit, 4], [12 + 12 * bit, 4]], 1.5, BRIGHT)
    yield writeJpeg({ ...DRAWN, rgb })
  }
}

function drawWall(random: Random): Uint8Array {
  const wall = [60 + random.integer(60), 60 + random.integer(60), 60 + random.integer(60)]
  const floor = Math.round(0.8 * DRAWN.height) * DRAWN.width
  return Uint8Array.from({ length: DRAWN.width * DRAWN.height * 3 }, (_, at) => (at < 3 * floor ? wall[at % 3]! : wall[at % 3]! >> 1))
}

function colourOf(a: number, b: number): Colour {
  const [one, other] = [a, b].map((joint) => coco.joints[joint]!.split('_')[0]!)
  return one === other ? SIDES[one!]! : BRIGHT
}

/** Stamps a square of so many pixels to each side, every half pixel of the way. */
function drawLine(rgb: Uint8Array, [[ax, ay], [bx, by]]: readonly [Spot, Spot], half: number, colour: Colour): void {
  const steps = 1 + Math.ceil(2 * Math.max(Math.abs(bx - ax), Math.abs(by - ay)))
  for (let step = 0; step <= steps; step++) {
    const [x, y] = [ax + ((bx - ax) * step) / steps, ay + ((by - ay) * step) / steps]
    for (let row = Math.max(0, Math.round(y - half)); row < Math.min(DRAWN.height, Math.round(y + half)); row++) {
      for (let column = Math.max(0, Math.round(x - half)); column < Math.min(DRAWN.width, Math.round(x + half)); column++) {
        rgb.set(colour, 3 * (row * DRAWN.width + column))
      }
    }
  }
}
