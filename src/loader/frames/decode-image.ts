import { decodeJpeg, decodeJpegInto } from './jpeg-codec.ts'
import { decodePng, isPng } from './png-decoder.ts'
import type { Pixels, Size } from './warp.ts'

/** An image file, JPEG or PNG, as [height, width, 3] red, green, blue. Throws what is wrong with it, an ImageFault; E_JPEG_DECODER. */
export function decodeImage(file: Uint8Array): Pixels {
  return isPng(file) ? decodePng(file) : decodeJpeg(file)
}

/** The same into `out`, which holds a picture of the size that is expected; of a picture of another size nothing but that size. */
export function decodeImageInto(file: Uint8Array, expected: Size, out: Uint8Array): Size {
  if (!isPng(file)) return decodeJpegInto(file, expected, out)
  const picture = decodePng(file)
  if (picture.width === expected.width && picture.height === expected.height) out.set(picture.data)
  return picture
}
