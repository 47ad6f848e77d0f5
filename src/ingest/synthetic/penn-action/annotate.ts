import type { Random } from '../../../random.ts'
import { least, most, type Pixel, type Recording, type View } from '../camera.ts'

/** What an annotator leaves of a recording, in the layout of the label files: [13, T] joint after joint, boxes [4, T]. */
export type Annotation = { readonly x: Float64Array; readonly y: Float64Array; readonly isVisible: Uint8Array; readonly boxes: Float64Array }

/** 0 = seen, 1 = located but hidden, 2 = never placed: parked in the corner. */
type Fate = 0 | 1 | 2
const KNOT = 8

/** Clicks every joint with noise (1 % of the body, half of it slow), hides those on the far side and others for a while, and forgets some. */
export function annotate({ pixels, view, width, height, step }: Recording, random: Random): Annotation {
  const frames = pixels.length
  const joints = pixels[0]!.length
  const [x, y, isVisible] = [new Float64Array(joints * frames), new Float64Array(joints * frames), new Uint8Array(joints * frames)]
  const sigma = 0.006 * most(pixels.map((points) => most(points.map(([, py]) => py)) - least(points.map(([, py]) => py))))
  const on = (value: number, size: number): number => Math.round(Math.min(size - 3, Math.max(3, value)) / step) * step
  const located: Pixel[][] = Array.from({ length: frames }, () => [])
  for (let joint = 0; joint < joints; joint++) {
    const fates = drawFates(frames, isFar(joint, view), random.fork(`fate ${joint}`))
    const wobble = random.fork(`noise ${joint}`)
    const [slowX, slowY] = [slowNoise(frames, wobble), slowNoise(frames, wobble)]
    for (let frame = 0; frame < frames; frame++) {
      const [px, py] = pixels[frame]![joint]!
      const own = sigma * (fates[frame] === 1 ? 2 : 1)
      const point: Pixel = [on(px + own * (slowX[frame]! + wobble.normal()), width), on(py + own * (slowY[frame]! + wobble.normal()), height)]
      const at = joint * frames + frame
      const [vx, vy] = fates[frame] === 2 ? [step, step] : point
      x[at] = vx
      y[at] = vy
      isVisible[at] = fates[frame] === 0 ? 1 : 0
      if (fates[frame] !== 2) located[frame]!.push(point)
    }
  }
  return { x, y, isVisible, boxes: boxesAround(located, { width, height, step }) }
}

/** From the subject's left the right half is hidden, and the other way round; columns of the right side are odd. */
function isFar(joint: number, view: View): boolean {
  return joint > 0 && ((view === 'left' && joint % 2 === 1) || (view === 'right' && joint % 2 === 0))
}

function drawFates(frames: number, isFar: boolean, random: Random): Fate[] {
  const fates = Array.from({ length: frames }, (): Fate => 0)
  const during = (fate: Fate, longest: number): void => {
    const start = random.integer(frames)
    fates.fill(fate, start, start + 3 + random.integer(longest))
  }
  if (random.chance(isFar ? 0.5 : 0.02)) fates.fill(1)
  if (random.chance(isFar ? 0.5 : 0.15)) during(1, 20)
  if (random.chance(0.15)) during(2, 12)
  if (random.chance(0.03)) fates.fill(2)
  return fates
}

/** Standard normal at every 8th frame, straight lines in between. */
function slowNoise(frames: number, random: Random): number[] {
  const knots = Array.from({ length: Math.ceil(frames / KNOT) + 1 }, () => random.normal())
  return Array.from({ length: frames }, (_, frame) => {
    const share = (frame % KNOT) / KNOT
    const knot = Math.floor(frame / KNOT)
    return knots[knot]! * (1 - share) + knots[knot + 1]! * share
  })
}

/** A box 5 % larger than the located joints, inside the image as Penn Action's are; around the whole image when nothing is located. */
function boxesAround(located: readonly Pixel[][], { width, height, step }: { width: number; height: number; step: number }): Float64Array {
  const frames = located.length
  const boxes = new Float64Array(4 * frames)
  for (const [frame, points] of located.entries()) {
    for (const [axis, size] of [width, height].entries()) {
      const values = points.length === 0 ? [step, size - step] : points.map((point) => point[axis]!)
      const [low, high] = [least(values), most(values)]
      const margin = 0.05 * (high - low) + 4
      boxes[axis * frames + frame] = Math.max(step, Math.round((low - margin) / step) * step)
      boxes[(axis + 2) * frames + frame] = Math.min(size - step, Math.round((high + margin) / step) * step)
    }
  }
  return boxes
}
