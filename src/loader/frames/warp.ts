/** px */
export type Size = { readonly width: number; readonly height: number }

/** The most px of a picture that is decoded: 16,384 x 16,384. */
export const mostPixels = 2 ** 28

/** A picture in memory: red, green, blue, a byte each, row by row from the top left: [height, width, 3]. */
export type Pixels = Size & { readonly data: Uint8Array }

/** Boxes of 2^across x 2^down px become one px each. */
export type Shrink = { readonly across: number; readonly down: number }

/** From the index of an output pixel to a position in the source, px counted from the centre of its first pixel. */
export type Lattice = { readonly xx: number; readonly xy: number; readonly dx: number; readonly yx: number; readonly yy: number; readonly dy: number }

/** How a picture is sampled, after `shrunk`. */
export type Warp = {
  readonly lattice: Lattice
  /** The last position inside, by x and by y; the first one is -0.5. */
  readonly right: number
  readonly bottom: number
  readonly columns: number
  readonly rows: number
  readonly layout: 'nchw' | 'nhwc'
  /** Colour of what is outside, times 2^22. */
  readonly fill: readonly [number, number, number]
  /** v = sample factor + term for each colour, where a sample is 0 .. 255 times 2^22; single floats. null = bytes. */
  readonly normal: { readonly factors: readonly [number, number, number]; readonly terms: readonly [number, number, number] } | null
}

/** Samples are whole numbers: colours times 2^22, as weights are of 11 bits by x and by y. */
export const sampleBits = 22
const weightSteps = 2 ** (sampleBits / 2)

/**
 * Each box becomes its mean, halves up. What the last box of a row or column lacks repeats the edge.
 * The clear version of `shrink` in kernels/warp.ts, bit for bit.
 */
export function shrunk({ width, height, data }: Pixels, { across, down }: Shrink): Pixels {
  const [boxWidth, boxHeight] = [2 ** across, 2 ** down]
  const [columns, rows] = [Math.ceil(width / boxWidth), Math.ceil(height / boxHeight)]
  const out = new Uint8Array(columns * rows * 3)
  for (let at = 0; at < out.length; at++) {
    const [colour, column, row] = [at % 3, Math.floor(at / 3) % columns, Math.floor(at / 3 / columns)]
    let sum = 0
    for (let y = row * boxHeight; y < (row + 1) * boxHeight; y++) {
      for (let x = column * boxWidth; x < (column + 1) * boxWidth; x++) sum += data[(Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 3 + colour]!
    }
    out[at] = Math.floor((sum + (boxWidth * boxHeight) / 2) / (boxWidth * boxHeight))
  }
  return { width: columns, height: rows, data: out }
}

/**
 * Bilinear samples of a picture, [rows, columns, 3] or [3, rows, columns], into `out`: bytes, halves up, or normalised floats. A position beyond the centres of
 * the outer pixels has the colour of the edge, one outside of the picture the fill. The clear version of `warp` in kernels/warp.ts, bit for bit.
 */
export function warped(picture: Pixels, warp: Warp, out: Uint8Array | Float32Array): void {
  const { lattice: { xx, xy, dx, yx, yy, dy }, columns, rows, right, bottom } = warp
  const samples = [0, 0, 0]
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = xy * row + dx + xx * column
      const y = yy * row + dy + yx * column
      const isOutside = x < -0.5 || y < -0.5 || x > right || y > bottom
      for (let colour = 0; colour < 3; colour++) samples[colour] = isOutside ? warp.fill[colour]! : sampleAt(picture, x, y, colour)
      for (let colour = 0; colour < 3; colour++) {
        const at = warp.layout === 'nchw' ? (colour * rows + row) * columns + column : (row * columns + column) * 3 + colour
        out[at] = valueOf(samples[colour]!, colour, warp)
      }
    }
  }
}

/** A colour at a position, times 2^22: a whole number. */
function sampleAt({ width, height, data }: Pixels, x: number, y: number, colour: number): number {
  const [left, right] = tapsOf(x, width)
  const [above, below] = tapsOf(y, height)
  const pixel = (column: number, row: number): number => data[(row * width + column) * 3 + colour]!
  const across = (row: number): number => pixel(left.at, row) * left.weight + pixel(right.at, row) * right.weight
  return across(above.at) * above.weight + across(below.at) * below.weight
}

type Tap = { readonly at: number; readonly weight: number }

/** Added to a double it leaves it rounded to 1/2048, halves to even. */
const rounding = (3 * 2 ** 51) / weightSteps

/** The two pixels around a position, which is rounded to 1/2048 px. */
function tapsOf(position: number, extent: number): [Tap, Tap] {
  const rounded = Math.min(Math.max(position, 0), extent - 1) + rounding - rounding
  const at = Math.floor(rounded)
  const weight = (rounded - at) * weightSteps
  return [{ at, weight: weightSteps - weight }, { at: Math.min(at + 1, extent - 1), weight }]
}

function valueOf(sample: number, colour: number, { normal }: Warp): number {
  if (normal === null) return Math.floor((sample + 2 ** (sampleBits - 1)) / 2 ** sampleBits)
  return Math.fround(Math.fround(Math.fround(sample) * normal.factors[colour]!) + normal.terms[colour]!)
}
