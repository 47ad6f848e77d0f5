import { circle } from '../../elementary.ts'
import type { Colour, Picture } from './picture.ts'

/** Step of every coefficient. */
const STEP = 6
/** DCT-II of 8 values: [frequency, place]. */
const basis = Float64Array.from({ length: 64 }, (_, at) => (at < 8 ? Math.SQRT1_2 : 1) * circle((((at & 7) * 2 + 1) * (at >> 3)) / 32).cos / 2)
/** Places of the 64 coefficients in the order of the file: diagonals, up and down in turn. */
const zigzag = Array.from({ length: 64 }, (_, at) => at).sort((a, b) => diagonal(a) - diagonal(b) || (diagonal(a) % 2 === 0 ? b - a : a - b))
/** Symbols of the AC table: the end of a block in 2 bits, then every run of zeros and size of a number in 8. */
const symbols = [0, ...Array.from({ length: 160 }, (_, at) => (Math.floor(at / 10) << 4) | ((at % 10) + 1)), 0xf0]
/** What red, green and blue make of Y, Cb and Cr, as JFIF has them. */
const parts = [[0.299, 0.587, 0.114, -128], [-0.168736, -0.331264, 0.5, 0], [0.5, -0.418688, -0.081312, 0]] as const

/**
 * A picture as a baseline JPEG in colour, without subsampling and with codes of fixed length: ITU-T T.81. Twins have thousands of flat pictures, and
 * jpeg-js fills tables of 65,535 numbers anew for each, which takes many times as long as the picture.
 */
export function writeJpeg(picture: Picture): Buffer {
  const { width, height } = picture
  const bits = new BitWriter()
  const [block, plane, rows, both, before] = [new Uint32Array(64), new Float64Array(64), new Float64Array(64), new Float64Array(64), [0, 0, 0]]
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      const isFlat = cut(picture, x, y, block)
      for (const [part, weights] of parts.entries()) {
        if (isFlat) both[0] = 8 * partOf(block[0]!, weights)
        else {
          for (let at = 0; at < 64; at++) plane[at] = partOf(block[at]!, weights)
          transform(plane, rows)
          transform(rows, both)
        }
        before[part] = writeBlock(both, isFlat ? 1 : 64, before[part]!, bits)
      }
    }
  }
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return Buffer.concat([
    Buffer.of(0xff, 0xd8), segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]), segment(0xdb, [0, ...Array.from({ length: 64 }, () => STEP)]),
    segment(0xc4, [0x00, 0, 0, 0, 12, ...Array.from({ length: 12 }, () => 0), ...Array.from({ length: 12 }, (_, category) => category)]),
    segment(0xc4, [0x10, 0, 1, 0, 0, 0, 0, 0, 161, 0, 0, 0, 0, 0, 0, 0, 0, ...symbols]),
    segment(0xc0, [8, ...size, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]), segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    bits.finish(), Buffer.of(0xff, 0xd9),
  ])
}

/** Bits, the highest of each number first; a byte of ones is followed by a zero. */
class BitWriter {
  #bytes = Buffer.allocUnsafe(2 ** 14)
  #length = 0
  #word = 0
  #held = 0

  /** The lowest `count` bits, 16 at most. */
  put(value: number, count: number): void {
    this.#word = (this.#word << count) | value
    this.#held += count
    while (this.#held >= 8) {
      this.#held -= 8
      this.#push((this.#word >> this.#held) & 255)
    }
    this.#word &= (1 << this.#held) - 1
  }

  /** The last byte is filled with ones. */
  finish(): Buffer {
    this.put(0x7f, 7)
    return this.#bytes.subarray(0, this.#length)
  }

  #push(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length)
    this.#bytes[this.#length++] = byte
    if (byte === 0xff) this.#bytes[this.#length++] = 0
  }
}

function segment(marker: number, content: readonly number[]): Buffer {
  return Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content])
}

/** 8 x 8 pixels from x, y on, and whether they are of one colour; what lies beyond the picture repeats its edge. */
function cut({ width, height, pixels }: Picture, x: number, y: number, block: Uint32Array): boolean {
  const isInside = x + 8 <= width && y + 8 <= height
  let isFlat = true
  for (let row = 0; row < 8; row++) {
    for (let column = 0; column < 8; column++) {
      const at = isInside ? (y + row) * width + x + column : Math.min(height - 1, y + row) * width + Math.min(width - 1, x + column)
      block[8 * row + column] = pixels[at]!
      isFlat = isFlat && block[8 * row + column] === block[0]
    }
  }
  return isFlat
}

function partOf(pixel: number, [red, green, blue, shift]: readonly [...Colour, shift: number]): number {
  return red * (pixel & 255) + green * ((pixel >> 8) & 255) + blue * ((pixel >> 16) & 255) + shift
}

/** The DCT of every row, turned over: [column, row]. */
function transform(block: Float64Array, into: Float64Array): void {
  for (let at = 0; at < 64; at++) {
    const [frequency, row] = [8 * (at >> 3), 8 * (at & 7)]
    let sum = 0
    for (let x = 0; x < 8; x++) sum += basis[frequency + x]! * block[row + x]!
    into[at] = sum
  }
}

function step(coefficient: number): number {
  return Math.round(coefficient / STEP)
}

/** The first `count` coefficients, the others being 0. Answers the block's mean, from which the next one of its plane counts. */
function writeBlock(coefficients: Float64Array, count: number, before: number, bits: BitWriter): number {
  const mean = step(coefficients[0]!)
  const size = sizeOf(mean - before)
  bits.put(size, 4)
  putNumber(bits, mean - before, size)
  let zeros = 0
  for (let place = 1; place < count; place++) {
    const value = step(coefficients[zigzag[place]!]!)
    if (value === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) bits.put(64 + 160, 8)
    bits.put(64 + 10 * zeros + sizeOf(value) - 1, 8)
    putNumber(bits, value, sizeOf(value))
    zeros = 0
  }
  if (zeros > 0 || count === 1) bits.put(0, 2)
  return mean
}

function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value))
}

/** A negative number is written one less, without its sign. */
function putNumber(bits: BitWriter, value: number, size: number): void {
  bits.put(value < 0 ? value + 2 ** size - 1 : value, size)
}

function diagonal(at: number): number {
  return (at >> 3) + (at & 7)
}
