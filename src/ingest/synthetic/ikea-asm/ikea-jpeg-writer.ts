import { circle } from '../../../elementary.ts'

/** Red, green, blue of every pixel, row by row: [height, width, 3]. */
export type Picture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

/** Step of every coefficient. */
const STEP = 6
/** DCT-II of 8 values: [frequency, place]. */
const basis = Array.from({ length: 64 }, (_, at) => (at < 8 ? Math.SQRT1_2 : 1) * circle((((at & 7) * 2 + 1) * (at >> 3)) / 32).cos / 2)
/** Places of the 64 coefficients in the order of the file: diagonals, up and down in turn. */
const zigzag = Array.from({ length: 64 }, (_, at) => at).sort((a, b) => diagonal(a) - diagonal(b) || (diagonal(a) % 2 === 0 ? b - a : a - b))
/** Symbols of the AC table: the end of a block in 2 bits, then every run of zeros and size of a number in 8. */
const symbols = [0, ...Array.from({ length: 160 }, (_, at) => (Math.floor(at / 10) << 4) | ((at % 10) + 1)), 0xf0]

type Bits = { readonly bytes: number[]; word: number; free: number }

/**
 * A picture as a baseline JPEG in colour, without subsampling and with codes of fixed length: ITU-T T.81. Films are thousands of small flat pictures, and
 * jpeg-js fills tables of 65,535 numbers anew for each, which takes longer than the picture.
 */
export function writeJpeg(picture: Picture): Buffer {
  const { width, height } = picture
  const bits: Bits = { bytes: [], word: 0, free: 8 }
  const before = [0, 0, 0]
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      const block = cut(picture, x, y)
      const isFlat = block.every((value, at) => value === block[at % 3])
      for (let part = 0; part < 3; part++) before[part] = writeBlock(isFlat ? flat(block, part) : coefficients(plane(block, part)), before[part]!, bits)
    }
  }
  put(bits, 0x7f, 7)
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return Buffer.concat([
    Buffer.of(0xff, 0xd8), segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]), segment(0xdb, [0, ...Array.from({ length: 64 }, () => STEP)]),
    segment(0xc4, [0x00, 0, 0, 0, 12, ...Array.from({ length: 12 }, () => 0), ...Array.from({ length: 12 }, (_, category) => category)]),
    segment(0xc4, [0x10, 0, 1, 0, 0, 0, 0, 0, 161, 0, 0, 0, 0, 0, 0, 0, 0, ...symbols]),
    segment(0xc0, [8, ...size, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]), segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    Buffer.from(bits.bytes), Buffer.of(0xff, 0xd9),
  ])
}

function segment(marker: number, content: readonly number[]): Buffer {
  return Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content])
}

/** Red, green, blue of 8 x 8 pixels from x, y on; what lies beyond the picture repeats its edge. */
function cut({ width, height, rgb }: Picture, x: number, y: number): Uint8Array {
  const block = new Uint8Array(192)
  for (let at = 0; at < 64; at++) {
    const from = 3 * (Math.min(height - 1, y + (at >> 3)) * width + Math.min(width - 1, x + (at & 7)))
    for (let part = 0; part < 3; part++) block[3 * at + part] = rgb[from + part]!
  }
  return block
}

/** What red, green and blue make of Y, Cb and Cr, as JFIF has them. */
const parts = [[0.299, 0.587, 0.114, -128], [-0.168736, -0.331264, 0.5, 0], [0.5, -0.418688, -0.081312, 0]] as const

function partOf(block: Uint8Array, at: number, part: number): number {
  const [red, green, blue, shift] = parts[part]!
  return red * block[3 * at]! + green * block[3 * at + 1]! + blue * block[3 * at + 2]! + shift
}

function plane(block: Uint8Array, part: number): Float64Array {
  return new Float64Array(64).map((_, at) => partOf(block, at, part))
}

function flat(block: Uint8Array, part: number): Int32Array {
  return Int32Array.of(Math.round((8 * partOf(block, 0, part)) / STEP))
}

/** Coefficients in steps, in the order of the file. */
function coefficients(values: Float64Array): Int32Array {
  const both = transformed(transformed(values))
  return Int32Array.from(zigzag, (at) => Math.round(both[at]! / STEP))
}

/** The DCT of every row, turned over: [column, row]. */
function transformed(block: Float64Array): Float64Array {
  return new Float64Array(64).map((_, at) => {
    const [frequency, row] = [at >> 3, at & 7]
    let sum = 0
    for (let x = 0; x < 8; x++) sum += basis[8 * frequency + x]! * block[8 * row + x]!
    return sum
  })
}

/** Coefficients that are left out are 0. Answers the block's mean, from which the next one of its plane counts. */
function writeBlock(block: Int32Array, before: number, bits: Bits): number {
  const size = sizeOf(block[0]! - before)
  put(bits, size, 4)
  putNumber(bits, block[0]! - before, size)
  let zeros = 0
  for (let place = 1; place < 64; place++) {
    const value = block[place] ?? 0
    if (value === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) put(bits, 64 + 160, 8)
    put(bits, 64 + 10 * zeros + sizeOf(value) - 1, 8)
    putNumber(bits, value, sizeOf(value))
    zeros = 0
  }
  if (zeros > 0) put(bits, 0, 2)
  return block[0]!
}

function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value))
}

/** A negative number is written one less, without its sign. */
function putNumber(bits: Bits, value: number, size: number): void {
  put(bits, value < 0 ? value + 2 ** size - 1 : value, size)
}

/** The lowest `count` bits, the highest first; a byte of ones is followed by a zero. */
function put(bits: Bits, value: number, count: number): void {
  for (let bit = count - 1; bit >= 0; bit--) {
    bits.word = (bits.word << 1) | ((value >> bit) & 1)
    if (--bits.free > 0) continue
    bits.bytes.push(...(bits.word === 0xff ? [0xff, 0] : [bits.word]))
    bits.word = 0
    bits.free = 8
  }
}

function diagonal(at: number): number {
  return (at >> 3) + (at & 7)
}
