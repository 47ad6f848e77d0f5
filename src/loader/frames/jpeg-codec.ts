import { createRequire } from 'node:module'
import { ToolkitError } from '../../errors.ts'
import { throughGate } from './decoding-gate.ts'
import { ImageFault } from './image-fault.ts'
import { jpegColours, jpegSize } from './jpeg-header.ts'
import { mostPixels, type Pixels, type Size } from './warp.ts'

/** What is used of the package; its own types are not there where it is not installed. */
type Codec = {
  readonly FORMAT_RGB: number
  readonly SAMP_420: number
  decompressSync(jpeg: Buffer, out: Buffer, options: { format: number }): unknown
  compressSync(pixels: Buffer, options: Size & { format: number; quality: number; subsampling: number }): Buffer
}

let loaded: Codec | undefined

/** libjpeg-turbo, loaded when it is first needed. Throws E_JPEG_DECODER where it is not installed: another decoder would give other pictures. */
export function codec(): Codec {
  try {
    return loaded ??= createRequire(import.meta.url)('@julusian/jpeg-turbo') as Codec
  } catch (cause) {
    throw new ToolkitError('E_JPEG_DECODER', 'JPEG files cannot be decoded: the package @julusian/jpeg-turbo does not load on this machine', {
      cause, hint: 'npm install --include=optional; it has binaries for Linux, macOS and Windows on x64 and arm64' })
  }
}

/** A JPEG as [height, width, 3] red, green, blue. Throws what is wrong with it, an ImageFault. */
export function decodeJpeg(jpeg: Uint8Array): Pixels {
  const { width, height } = jpegSize(jpeg)
  if (width * height === 0 || width * height > mostPixels) throw new ImageFault(`its header says ${width} x ${height} px`)
  const data = new Uint8Array(width * height * 3)
  decode(jpeg, data)
  return { width, height, data }
}

/** The same into `out`, without a copy, where it has just this size; its size alone where it has not. */
export function decodeJpegInto(jpeg: Uint8Array, expected: Size, out: Uint8Array): Size {
  const size = jpegSize(jpeg)
  if (size.width === expected.width && size.height === expected.height) decode(jpeg, out)
  return size
}

function decode(jpeg: Uint8Array, out: Uint8Array): void {
  const { decompressSync, FORMAT_RGB } = codec()
  try {
    throughGate(() => decompressSync(asBuffer(jpeg), asBuffer(out), { format: FORMAT_RGB }))
  } catch (cause) {
    throw new ImageFault(whatIsWrong(jpeg), { cause })
  }
}

function whatIsWrong(jpeg: Uint8Array): string {
  const { colours, bits } = jpegColours(jpeg)
  return colours > 3 || bits !== 8 ? `a JPEG of ${colours} colours, ${bits} bits each, is not read here` : 'libjpeg-turbo finds it damaged or cut off'
}

/** A baseline JPEG of [height, width, 3], colour at half the px (4:2:0). `quality` 1 to 100. */
export function encodeJpeg(pixels: Uint8Array, { width, height, quality }: Size & { readonly quality: number }): Uint8Array {
  const { compressSync, FORMAT_RGB, SAMP_420 } = codec()
  return Uint8Array.from(throughGate(() => compressSync(asBuffer(pixels), { width, height, quality, format: FORMAT_RGB, subsampling: SAMP_420 })))
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
