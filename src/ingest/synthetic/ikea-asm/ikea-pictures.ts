import { randomAt } from '../../../random.ts'
import type { Pixel } from '../camera.ts'
import { writeJpeg } from '../jpeg-writer.ts'
import { drawFigure, drawLimb, MIDDLE } from '../picture.ts'
import { type Device, IMAGE } from './ikea-camera.ts'
import { coco } from './ikea-joints.ts'
import type { IkeaScan } from './ikea-truth.ts'

/** The size that pictures are drawn in, px: an eighth of what the coordinates of the pose files speak of. */
export const DRAWN = { width: 240, height: 135 } as const

const JOINTS = coco.joints.length
const SCALE = DRAWN.width / IMAGE.width
const BITS = 9

/**
 * JPEGs of the worker before a wall and a floor. Each bears the number of its frame, so that one that is not the frame asked for gives itself away:
 * nine bits, lowest first, as bright bars around x = 10 + 12 bit, y = 4.
 */
export function* drawFilm(seed: number, { index, views }: IkeaScan, device: Device): Generator<Uint8Array> {
  const { pixels, frames } = views[device]
  const random = randomAt({ seed, clip: `ikea-asm/${index}`, transform: 'twin' }).fork(`wall ${device}`)
  const wall = [60 + random.integer(60), 60 + random.integer(60), 60 + random.integer(60)] as const
  for (let frame = 0; frame < frames; frame++) {
    const points = Array.from({ length: JOINTS }, (_, joint): Pixel => {
      const at = (frame * JOINTS + joint) * 2
      return [SCALE * pixels[at]!, SCALE * pixels[at + 1]!]
    })
    const picture = drawFigure(points, coco, { ...DRAWN, wall })
    for (let bit = 0; bit < BITS; bit++) if ((frame >> bit) & 1) drawLimb(picture, [[8 + 12 * bit, 4], [12 + 12 * bit, 4]], 1.5, MIDDLE)
    yield writeJpeg(picture)
  }
}
