import { randomAt } from '../../random.ts'
import { type Device, IMAGE } from './ikea-camera.ts'
import { coco } from './ikea-joints.ts'
import type { IkeaTruth } from './ikea-truth.ts'
import { drawFigure } from './picture.ts'

/** The size that pictures are drawn in, px: an eighth of what the coordinates of the pose files speak of. */
export const DRAWN = { width: 240, height: 135 } as const
const JOINTS = coco.joints.length
/** Bits of the frame's number, lowest first, as bright bars along the upper edge: what is at x = 10 + 12 bit, y = 4. */
const BITS = 9

const marks = Array.from({ length: BITS }, (_, bit) => [[8 + 12 * bit, 4], [12 + 12 * bit, 4]] as const).flat()

/** JPEGs of the worker before a wall, each with its frame's number on it, so that a frame that is not the one asked for gives itself away. */
export function* drawFilm({ seed, scans }: IkeaTruth, index: number, device: Device): Generator<Uint8Array> {
  const { pixels, frames } = scans[index]!.views[device]
  const random = randomAt({ seed, clip: `ikea-asm/${index}`, transform: 'twin' }).fork(`wall ${device}`)
  const wall = [60 + random.integer(60), 60 + random.integer(60), 60 + random.integer(60)] as const
  const scale = DRAWN.width / IMAGE.width
  for (let frame = 0; frame < frames; frame++) {
    const body = Array.from({ length: JOINTS }, (_, joint) => [0, 1].map((axis) => scale * pixels[(frame * JOINTS + joint) * 2 + axis]!) as [number, number])
    const bars = Array.from({ length: BITS }, (_, bit) => bit).filter((bit) => (frame >> bit) & 1).map((bit) => [JOINTS + 2 * bit, JOINTS + 2 * bit + 1] as const)
    yield drawFigure([...body, ...marks], { ...coco, joints: [...coco.joints, ...marks.map((_, end) => `end${end}`)], edges: [...coco.edges, ...bars] }, { ...DRAWN, wall })
  }
}
