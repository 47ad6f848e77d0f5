import { crc32, inflateSync } from 'node:zlib'
import { ImageFault } from './image-fault.ts'
import { mostPixels, type Pixels } from './warp.ts'

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** Values per pixel by colour type: grey, colour, palette, grey with alpha, colour with alpha. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

export function isPng(file: Uint8Array): boolean {
  return signature.every((byte, at) => file[at] === byte)
}

/**
 * A PNG as [height, width, 3] red, green, blue; alpha is left out, of 16 bits the upper 8 count. W3C, PNG, third edition. Throws an ImageFault for
 * what is not whole, interlaced, or of less than 8 bits a value.
 */
export function decodePng(file: Uint8Array): Pixels {
  const { header, palette, data } = chunksOf(Buffer.from(file.buffer, file.byteOffset, file.byteLength))
  const [width, height, bits, type, interlaced] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8]!, header[9]!, header[12]!]
  const channels = channelsOf[type]
  if (channels === undefined || bits < 8 || bits > 16 || interlaced !== 0) throw new ImageFault(`a PNG of colour type ${type}, ${bits} bits${interlaced === 0 ? '' : ', interlaced,'} is not read here`)
  const bytes = (channels * bits) / 8
  const expected = height * (width * bytes + 1)
  if (width * height === 0 || width * height > mostPixels) throw new ImageFault(`its header says ${width} x ${height} px`)
  const rows = inflated(data, expected)
  if (rows.length !== expected) throw new ImageFault(`its rows have ${rows.length} bytes in place of ${expected}`)
  unfilter(rows, width * bytes, bytes)
  return { width, height, data: colours(rows, { width, height, bytes, step: bits / 8, isGrey: type === 0 || type === 4, palette: type === 3 ? palette : null }) }
}

function inflated(data: Buffer, most: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: most })
  } catch (cause) {
    throw new ImageFault(`its rows are damaged, or more than ${most} bytes`, { cause })
  }
}

function chunksOf(file: Buffer): { header: Buffer; palette: Buffer; data: Buffer } {
  const found: Record<string, Buffer[]> = {}
  for (let at = 8; at + 12 <= file.length;) {
    const [length, name] = [file.readUInt32BE(at), file.toString('latin1', at + 4, at + 8)]
    if (at + 12 + length > file.length) break
    // rows have a sum of their own
    if (name === 'PLTE' && crc32(file.subarray(at + 4, at + 8 + length)) !== file.readUInt32BE(at + 8 + length)) throw new ImageFault('its palette is damaged')
    ;(found[name] ??= []).push(file.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const header = found['IHDR']?.[0]
  if (header?.length !== 13 || found['IEND'] === undefined) throw new ImageFault('the PNG is cut off')
  return { header, palette: found['PLTE']?.[0] ?? Buffer.alloc(0), data: Buffer.concat(found['IDAT'] ?? []) }
}

/** Undoes the filter that each row's first byte names, in place: none, left, up, average, Paeth. */
function unfilter(rows: Buffer, width: number, bytes: number): void {
  for (let start = 1; start < rows.length; start += width + 1) {
    const filter = rows[start - 1]!
    if (filter > 4) throw new ImageFault(`it has a row of filter ${filter}`)
    for (let at = 0; at < width; at++) {
      const left = at < bytes ? 0 : rows[start + at - bytes]!
      const up = start === 1 ? 0 : rows[start + at - width - 1]!
      const corner = at < bytes || start === 1 ? 0 : rows[start + at - width - 1 - bytes]!
      const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter]!
      rows[start + at] = rows[start + at]! + guess
    }
  }
}

/** The one of the three that is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

type Rows = { readonly width: number; readonly height: number; readonly bytes: number; readonly step: number; readonly isGrey: boolean; readonly palette: Buffer | null }

function colours(rows: Buffer, { width, height, bytes, step, isGrey, palette }: Rows): Uint8Array {
  const out = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = Math.floor(pixel / width) * (width * bytes + 1) + 1 + (pixel % width) * bytes
    for (let colour = 0; colour < 3; colour++) {
      const value = rows[at + (isGrey || palette !== null ? 0 : colour * step)]!
      out[pixel * 3 + colour] = palette === null ? value : palette[value * 3 + colour] ?? 0
    }
  }
  return out
}
