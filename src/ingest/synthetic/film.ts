import type { Random } from '../../random.ts'
import { type Joints, type Point, twist } from './body.ts'

/** What a person with the annotation tool would have noted: [joints, T] in px as MATLAB lays [T, joints] out, boxes [4, T]. */
export type Film = {
  readonly view: View
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly x: Float64Array
  readonly y: Float64Array
  readonly isVisible: Uint8Array
  readonly boxes: Float64Array
}
export type View = 'front' | 'back' | 'left' | 'right'

/** Turn of the body that shows the named side to the camera, which looks against z, with x of the front view to the right. */
const turns: Readonly<Record<View, number>> = { front: 0, back: 180, left: -90, right: 90 }
/** Sizes of Penn Action's images and px of the image per px of the annotated source. */
const formats = [[480, 270, 1], [480, 360, 0.75], [480, 360, 1], [480, 270, 2 / 3]] as const
/** px between anything visible and the border of the image. */
const MARGIN = 10

/** Films a motion from one side, slightly off, and annotates it: coordinates on the source's pixels, jitter, hidden joints in their place or parked in the corner. */
export function filmMotion(motion: readonly Joints[], names: readonly string[], random: Random): Film {
  const draw = random.fork('camera')
  const view = (['front', 'back', 'left', 'right'] as const)[draw.integer(4)]!
  const [width, height, step] = formats[draw.integer(formats.length)]!
  const yaw = turns[view] + draw.between(-22, 22)
  const distance = draw.between(4, 8)
  const seen = motion.map((joints) => names.map((name) => project(twist(joints[name]!, yaw), distance)))
  const scale = fit(seen.flat(), { width, height, share: draw.between(0.6, 0.95), at: [draw.uniform(), draw.uniform()] })
  const hidden = drawHidden(names, motion.length, view, random.fork('visibility'))
  const jitter = random.fork('jitter')
  const [x, y] = [new Float64Array(names.length * motion.length), new Float64Array(names.length * motion.length)]
  const isVisible = new Uint8Array(names.length * motion.length)
  for (let joint = 0; joint < names.length; joint++) {
    for (let frame = 0; frame < motion.length; frame++) {
      const at = joint * motion.length + frame
      const [left, top] = scale(seen[frame]![joint]!)
      const parked = hidden[joint]![frame] === 'parked'
      isVisible[at] = hidden[joint]![frame] === 'seen' ? 1 : 0
      x[at] = parked ? step : onGrid(left + 0.8 * jitter.normal(), step, width)
      y[at] = parked ? step : onGrid(top + 0.8 * jitter.normal(), step, height)
    }
  }
  return { view, width, height, frames: motion.length, x, y, isVisible, boxes: boxesOf({ x, y, frames: motion.length, step, width, height }) }
}

/** A pinhole at `distance` metres, one metre above the origin; near things are larger. */
function project([x, y, z]: Point, distance: number): readonly [number, number] {
  const near = distance / (distance - z)
  return [x * near, (1 - y) * near]
}

type Frame = { readonly width: number; readonly height: number; readonly share: number; readonly at: readonly [number, number] }

/** Metres to px, so that the whole motion takes a share of the room there is and lies anywhere in it. */
function fit(points: readonly (readonly [number, number])[], { width, height, share, at }: Frame): (point: readonly [number, number]) => readonly [number, number] {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top]
  const scale = share * Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / high)
  const [x0, y0] = [MARGIN + at[0] * (width - 2 * MARGIN - scale * wide), MARGIN + at[1] * (height - 2 * MARGIN - scale * high)]
  return ([x, y]) => [x0 + scale * (x - left), y0 + scale * (y - top)]
}

/** To the nearest px of the source, inside the image and never in the corner where hidden joints are parked. */
function onGrid(value: number, step: number, size: number): number {
  return Math.round(Math.min(Math.max(value, 5), size - 2) / step) * step
}

type Seeing = 'seen' | 'placed' | 'parked'

/** The far side of a side view is hidden for most of the clip, any other joint now and then; the head never. */
function drawHidden(names: readonly string[], frames: number, view: View, random: Random): Seeing[][] {
  return names.map((name) => {
    const far = (view === 'left' && name.startsWith('right')) || (view === 'right' && name.startsWith('left'))
    const isHidden = random.chance(name === 'head' ? 0 : far ? 0.7 : 0.15)
    const start = random.integer(frames)
    const length = Math.ceil(frames * random.between(far ? 0.5 : 0.1, far ? 1 : 0.4))
    const seeing: Seeing = random.chance(0.4) ? 'parked' : 'placed'
    return Array.from({ length: frames }, (_, frame) => (isHidden && (frame - start + frames) % frames < length ? seeing : 'seen'))
  })
}

/** The person's box around every joint that is somewhere, a little wider, inside the image as the annotation tool has it. */
function boxesOf({ x, y, frames, step, width, height }: Pick<Film, 'x' | 'y' | 'frames' | 'width' | 'height'> & { step: number }): Float64Array {
  const boxes = new Float64Array(4 * frames)
  for (let frame = 0; frame < frames; frame++) {
    const joints = Array.from({ length: x.length / frames }, (_, joint) => joint * frames + frame).filter((at) => x[at]! > step || y[at]! > step)
    const [xs, ys] = [joints.map((at) => x[at]!), joints.map((at) => y[at]!)]
    boxes[frame] = Math.max(step, Math.min(...xs) - 6 * step)
    boxes[frames + frame] = Math.max(step, Math.min(...ys) - 6 * step)
    boxes[2 * frames + frame] = Math.min(width - step, Math.max(...xs) + 6 * step)
    boxes[3 * frames + frame] = Math.min(height - step, Math.max(...ys) + 6 * step)
  }
  return boxes
}
