import { ToolkitError } from '../../errors.ts'

type Colour = readonly [red: number, green: number, blue: number]

/** Most by which colours change, drawn once per view: brightness is added, as a share of 255; contrast and saturation are factors within 1 - share and 1 + share. */
export type Colouring = { readonly brightness: number; readonly contrast: number; readonly saturation: number }

/** How a clip's frames become pictures of a batch, as plain data: docs/frames.md. */
export type PictureSpec = {
  /** px of a picture of the batch. */
  readonly width: number
  readonly height: number
  /** `nchw` [3, height, width], `nhwc` [height, width, 3]; red, green, blue. */
  readonly layout: 'nchw' | 'nhwc'
  /** `uint8`: 0 .. 255, halves up; `float32`: (v / 255 - mean) / std. */
  readonly dtype: 'uint8' | 'float32'
  /** Shares of 255: 0 and 1 unless given. */
  readonly mean?: Colour
  readonly std?: Colour
  /** Colour of what lies outside of the recorded frame: a grey 0 .. 255, or `mean` (unless given), which normalises to 0. */
  readonly fill?: 'mean' | number
  /** `box`: what the transformed clip's own frame shows, cropped, flipped, turned, scaled and moved with its joints. `frame`: the whole recorded frame, flipped with them. */
  readonly region: 'box' | 'frame'
  /** Of the transformed clip: all of them, or so many, evenly from the first to the last (nearest, halves up; a shorter clip shows some twice). */
  readonly frames: 'every' | number
  /** Where a step of the output is two px of the picture or more, boxes of px are averaged before; true unless given. */
  readonly antialias?: boolean
  /** Colours change, each view by its own draw; for `float32` only. */
  readonly colouring?: Colouring
}

/** A spec with nothing left out. */
export type FullPictureSpec = Required<Omit<PictureSpec, 'colouring'>> & Pick<PictureSpec, 'colouring'>

/** Checks a spec and fills in what it leaves out. Throws E_PICTURE_SPEC. */
export function fullSpec(spec: PictureSpec): FullPictureSpec {
  const full = { mean: [0, 0, 0] as const, std: [1, 1, 1] as const, fill: 'mean' as const, antialias: true, ...spec }
  for (const side of ['width', 'height'] as const) check(isCount(full[side], 8192), side, full[side], 'a whole number of px, 1 to 8192')
  check(['nchw', 'nhwc'].includes(full.layout), 'layout', full.layout, '"nchw" or "nhwc"')
  check(['uint8', 'float32'].includes(full.dtype), 'dtype', full.dtype, '"uint8" or "float32"')
  check(['box', 'frame'].includes(full.region), 'region', full.region, '"box" or "frame"')
  check(full.frames === 'every' || isCount(full.frames, 100_000), 'frames', full.frames, '"every" or a number of frames from 1 on')
  check(full.mean.length === 3 && full.mean.every((share) => share >= 0 && share <= 1), 'mean', full.mean, 'three shares of 255, 0 to 1')
  check(full.std.length === 3 && full.std.every((share) => share > 0 && share < Infinity), 'std', full.std, 'three shares of 255, above 0')
  check(full.dtype === 'float32' || full.std.every((share) => share === 1), 'std', full.std, 'left out for uint8, which is not normalised')
  const { colouring } = spec
  if (colouring !== undefined) {
    check(full.dtype === 'float32', 'colouring', colouring, 'left out for uint8')
    check([colouring.brightness, colouring.contrast, colouring.saturation].every((share) => share >= 0 && share <= 1), 'colouring', colouring, 'brightness, contrast and saturation, shares from 0 to 1')
  }
  check(full.fill === 'mean' || (full.fill >= 0 && full.fill <= 255), 'fill', full.fill, '"mean" or a grey from 0 to 255')
  return full
}

/** The pictures of one clip: [F, 3, height, width] or [F, height, width, 3]. `most` = the frames a clip of the batch has room for, which `every` shows. */
export function pictureShape({ width, height, layout, frames }: PictureSpec, most: number): number[] {
  const count = frames === 'every' ? most : frames
  return layout === 'nchw' ? [count, 3, height, width] : [count, height, width, 3]
}

function isCount(value: unknown, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most
}

function check(isRight: boolean, name: string, value: unknown, wanted: string): void {
  if (!isRight) throw new ToolkitError('E_PICTURE_SPEC', `${name} of the pictures is ${JSON.stringify(value)}`, { hint: `it is ${wanted}` })
}
