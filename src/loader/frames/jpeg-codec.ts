import { createRequire } from 'node:module'
import { ToolkitError } from '../../errors.ts'
import { throughGate } from './decoding-gate.ts'
import type { Pixels, Size } from './warp.ts'

/** What is used of the package; its own types are not there where it is not installed. */
type Codec = {
  readonly FORMAT_RGB: number
  readonly SAMP_420: number
  decompressSync(jpeg: Buffer, options: { format: number }): Pixels
  decompressSync(jpeg: Buffer, out: Buffer, options: { format: number }): Size
  compressSync(pixels: Buffer, options: Size & { format: number; quality: number; subsampling: number }): Buffer
}

let loaded: Codec | undefined

/** libjpeg-turbo, loaded when it is first needed. Throws E_JPEG_DECODER where it is not installed: another decoder would give other pictures. */
function codec(): Codec {
  try {
    return loaded ??= createRequire(import.meta.url)('@julusian/jpeg-turbo') as Codec
  } catch (cause) {
    throw new ToolkitError('E_JPEG_DECODER', 'JPEG files cannot be decoded: the package @julusian/jpeg-turbo does not load on this machine', {
      cause, hint: 'npm install --include=optional; it has binaries for Linux, macOS and Windows on x64 and arm64' })
  }
}

/** A JPEG as [height, width, 3] red, green, blue. Throws what is wrong with it, as a plain Error. */
export function decodeJpeg(jpeg: Uint8Array): Pixels {
  const { decompressSync, FORMAT_RGB } = codec()
  try {
    return throughGate(() => decompressSync(asBuffer(jpeg), { format: FORMAT_RGB }))
  } catch (cause) {
    throw new Error('libjpeg-turbo finds it damaged or cut off', { cause })
  }
}

/** The same into `out`, without a copy; where it finds no room, its size alone. */
export function decodeJpegInto(jpeg: Uint8Array, out: Uint8Array): Size {
  const { decompressSync, FORMAT_RGB } = codec()
  try {
    return throughGate(() => decompressSync(asBuffer(jpeg), asBuffer(out), { format: FORMAT_RGB }))
  } catch {
    return decodeJpeg(jpeg)
  }
}

/** A baseline JPEG of [height, width, 3], colour at half the px (4:2:0). `quality` 1 to 100. */
export function encodeJpeg(pixels: Uint8Array, { width, height, quality }: Size & { readonly quality: number }): Uint8Array {
  const { compressSync, FORMAT_RGB, SAMP_420 } = codec()
  return Uint8Array.from(throughGate(() => compressSync(asBuffer(pixels), { width, height, quality, format: FORMAT_RGB, subsampling: SAMP_420 })))
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
