import { decodeImage } from './decode-image.ts'
import { samplingOf, scaling } from './geometry.ts'
import { encodeJpeg } from './jpeg-codec.ts'
import { fullSpec } from './picture-spec.ts'
import type { Pixels, Size } from './warp.ts'
import { createWarpKernel } from './warp-kernel.ts'

/** What a picture becomes before it is kept for training: its short side in px, and the quality of its JPEG, 1 to 100. */
export type Resizing = { readonly short: number; readonly quality: number }

/** Of pictures in training shards: one of 224 px keeps its edges. */
export const shardQuality = 90

/** The size of a picture whose short side becomes `short` px, in whole px, halves up; a smaller one stays. */
export function resizedSize({ width, height }: Size, short: number): Size {
  const scale = Math.min(1, short / Math.min(width, height))
  return { width: Math.max(1, Math.floor(width * scale + 0.5)), height: Math.max(1, Math.floor(height * scale + 0.5)) }
}

/**
 * Makes an image file, JPEG or PNG, or a decoded frame, smaller as pictures of a batch are, with `antialias`; encoded anew in any case. Same bytes every time. What it answers
 * throws an ImageFault for a file that cannot be decoded; E_JPEG_DECODER.
 */
export function createResizer({ short, quality }: Resizing): (file: Uint8Array | Pixels) => Uint8Array {
  const kernel = createWarpKernel()
  return (file) => {
    const picture = file instanceof Uint8Array ? decodeImage(file) : file
    const size = resizedSize(picture, short)
    const out = new Uint8Array(3 * size.width * size.height)
    const { shrink, warp } = samplingOf(scaling(picture.width / size.width, picture.height / size.height), picture, fullSpec({ ...size, ...asBytes }))
    kernel.room(picture, size).set(picture.data)
    kernel.draw(shrink, warp, out)
    return encodeJpeg(out, { ...size, quality })
  }
}

const asBytes = { layout: 'nhwc', dtype: 'uint8', region: 'frame', frames: 'every' } as const
