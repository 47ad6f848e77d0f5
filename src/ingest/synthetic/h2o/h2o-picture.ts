import { randomAt } from '../../../random.ts'
import type { Skeleton } from '../../../skeleton.ts'
import type { Pixel } from '../camera.ts'
import { writeJpeg } from '../jpeg-writer.ts'
import { drawFigure } from '../picture.ts'
import type { H2oSequence } from './h2o-truth.ts'
import type { H2oView } from './h2o-view.ts'

/** px of rgb256; the full image has 1280 x 720. */
const SIZE = { width: 455, height: 256 }
const HANDS: Pick<Skeleton, 'joints' | 'edges'> = {
  joints: Array.from({ length: 42 }, (_, joint) => (joint < 21 ? 'left_' : 'right_') + (joint % 21)),
  edges: [0, 21].flatMap((wrist) => Array.from({ length: 20 }, (_, at) => [at % 4 === 0 ? wrist : wrist + at, wrist + at + 1] as const)),
}

/** The JPEG of one frame of rgb256: the bones of both hands as lines, annotated or not. */
export function drawHandsJpeg({ seed, path }: H2oSequence, { pixels }: H2oView, frame: number): Uint8Array {
  const random = randomAt({ seed, clip: `h2o/${path}`, transform: 'twin' }).fork('wall')
  const wall = [60 + random.integer(60), 60 + random.integer(60), 60 + random.integer(60)] as const
  const points = Array.from({ length: 42 }, (_, joint): Pixel => {
    const at = 2 * (42 * frame + joint)
    return [(pixels[at]! * SIZE.width) / 1280, (pixels[at + 1]! * SIZE.height) / 720]
  })
  return writeJpeg(drawFigure(points, HANDS, { ...SIZE, wall }))
}
