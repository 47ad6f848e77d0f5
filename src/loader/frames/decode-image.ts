import { decodeJpeg, decodeJpegInto } from './jpeg-codec.ts'
import { decodePng, isPng } from './png-decoder.ts'
import type { Pixels, Size } from './warp.ts'

/** An image file, JPEG or PNG, as [height, width, 3] red, green, blue. Throws what is wrong with it, as a plain Error; E_JPEG_DECODER. */
export function decodeImage(file: Uint8Array): Pixels {
  return isPng(file) ? decodePng(file) : decodeJpeg(file)
}

/** The same into `out`, which holds a picture of the size that is expected; a picture of another size answers that size, and `out` is nothing. */
export function decodeImageInto(file: Uint8Array, out: Uint8Array): Size {
  if (!isPng(file)) return decodeJpegInto(file, out)
  const picture = decodePng(file)
  if (picture.data.length <= out.length) out.set(picture.data)
  return picture
}
