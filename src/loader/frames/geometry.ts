import { type Affine, composed, identity, inverted } from '../../affine.ts'
import type { Clip } from '../../clip.ts'
import { evenFrames } from '../../transforms/resample.ts'
import type { FullPictureSpec } from './picture-spec.ts'
import { sampleBits, type Shrink, type Size, type Warp } from './warp.ts'

/** The recorded frames that the pictures of a transformed clip show, in their order: the nearest to each moment, halves up. */
export function framesShown({ time, frames }: Clip, spec: Pick<FullPictureSpec, 'frames'>): number[] {
  const chosen = spec.frames === 'every' ? Array.from({ length: frames }, (_, frame) => frame) : evenFrames(frames, spec.frames)
  return chosen.map((frame) => Math.floor(time[frame]! + 0.5))
}

/** From px of a picture of the batch to px of a stored picture of the recorded frame. Everything is continuous: pixel centres at .5. */
export function mapToStored(clip: Clip, recorded: Size, stored: Size, spec: FullPictureSpec): Affine {
  return composed(toRecorded(clip, recorded, spec), scaling(stored.width / recorded.width, stored.height / recorded.height))
}

/** How a picture of that size is sampled along a map from px of the output. */
export function samplingOf(whole: Affine, stored: Size, spec: FullPictureSpec): { shrink: Shrink; warp: Warp } {
  const shrink = spec.antialias ? { across: halvings(whole.xx, whole.xy), down: halvings(whole.yx, whole.yy) } : { across: 0, down: 0 }
  const { xx, xy, yx, yy, dx, dy } = composed(whole, scaling(2 ** -shrink.across, 2 ** -shrink.down))
  return {
    shrink,
    warp: {
      // from indices to centres on both sides
      lattice: { xx, xy, dx: dx + (xx + xy) / 2 - 0.5, yx, yy, dy: dy + (yx + yy) / 2 - 0.5 },
      right: stored.width / 2 ** shrink.across - 0.5, bottom: stored.height / 2 ** shrink.down - 0.5,
      columns: spec.width, rows: spec.height, layout: spec.layout, fill: fillOf(spec), normal: normalOf(spec),
    },
  }
}

/** From px of the picture of the batch to px of the recorded frame. */
function toRecorded(clip: Clip, recorded: Size, { region, width, height }: FullPictureSpec): Affine {
  const placement = clip.placement ?? identity
  if (region === 'box') return composed(scaling(clip.width / width, clip.height / height), inverted(placement))
  const frame = scaling(recorded.width / width, recorded.height / height)
  const isMirrored = placement.xx * placement.yy < placement.xy * placement.yx
  return isMirrored ? composed(frame, { ...identity, xx: -1, dx: recorded.width }) : frame
}

/** How often px are halved, 8 times at most, until the step of the output is less than two of them. */
function halvings(alongX: number, alongY: number): number {
  const step = alongX * alongX + alongY * alongY
  let times = 0
  while (times < 8 && step >= 4 ** (times + 1)) times++
  return times
}

/** Stretches both axes about the origin. */
export function scaling(xx: number, yy: number): Affine {
  return { ...identity, xx, yy }
}

type Three = readonly [number, number, number]

function fillOf({ fill, mean }: FullPictureSpec): Three {
  return eachColour((colour) => Math.round((fill === 'mean' ? 255 * mean[colour]! : fill) * 2 ** sampleBits))
}

function normalOf({ dtype, mean, std }: FullPictureSpec): Warp['normal'] {
  if (dtype === 'uint8') return null
  return {
    factors: eachColour((colour) => Math.fround(1 / (255 * 2 ** sampleBits * std[colour]!))),
    terms: eachColour((colour) => Math.fround(-mean[colour]! / std[colour]!)),
  }
}

function eachColour(value: (colour: number) => number): Three {
  return [value(0), value(1), value(2)]
}
