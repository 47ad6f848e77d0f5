import { crc32 } from 'node:zlib'
import { FormatError } from './format-error.ts'
import type { ImageSize } from './jpeg-size.ts'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** The whole last chunk: length 0, its name, its checksum. */
const IEND = Buffer.from('0000000049454e44ae426082', 'hex')
/** Length 13 and name of the first chunk. */
const IHDR = Buffer.from('0000000d49484452', 'hex')
/** Values per pixel by colour type: grey, colour, palette (of colours), grey with alpha, colour with alpha. */
const components: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }

/**
 * The size of a PNG from its first chunk, without decoding; its last bytes, but for zeros after them, must be the end chunk. W3C, PNG, third edition.
 * Throws FormatError: E_PNG_NOT_PNG, E_PNG_HEADER, E_PNG_CUT.
 */
export function readPngSize(bytes: Uint8Array): ImageSize {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!view.subarray(0, 8).equals(SIGNATURE)) {
    const start = JSON.stringify(view.toString('latin1', 0, 8))
    throw new FormatError('E_PNG_NOT_PNG', view.length === 0 ? 'the file is empty (0 bytes)' : `not a PNG: it begins with ${start}`, 0)
  }
  if (view.length < 33) throw new FormatError('E_PNG_CUT', `the file ends at byte ${view.length}, inside its header of 33 bytes`, view.length)
  if (!view.subarray(8, 16).equals(IHDR)) {
    throw new FormatError('E_PNG_HEADER', `the first chunk begins with ${view.toString('hex', 8, 16)}, not with ${IHDR.toString('hex')}`, 8)
  }
  if (crc32(view.subarray(12, 29)) !== view.readUInt32BE(29)) throw new FormatError('E_PNG_HEADER', 'the checksum of the header is wrong', 29)
  const [width, height, type] = [view.readUInt32BE(16), view.readUInt32BE(20), view.readUInt8(25)]
  if (width === 0 || height === 0 || width >= 2 ** 31 || height >= 2 ** 31 || components[type] === undefined) {
    throw new FormatError('E_PNG_HEADER', `the header says ${width} x ${height} px of colour type ${type}`, 16)
  }
  checkEnd(view)
  return { width, height, components: components[type] }
}

function checkEnd(view: Buffer): void {
  let end = view.length
  while (view[end - 1] === 0) end--
  if (view.subarray(Math.max(0, end - IEND.length), end).equals(IEND)) return
  throw new FormatError('E_PNG_CUT', `the end chunk IEND is missing: the picture breaks off at byte ${end}`, end, { hint: 'download or extract it again' })
}
