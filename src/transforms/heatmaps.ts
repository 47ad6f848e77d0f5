import type { Clip } from '../clip.ts'
import { sizeOf } from '../tensor.ts'
import { channelsOf, gaussianOf, gridPoints, heatmapShape, type HeatmapSpec, isDrawn, type Point } from './heatmap-spec.ts'

/**
 * Joint and limb maps of a clip, each value within 1e-6 of the formula in heatmap-oracle.ts, straight in the order of `spec.patch`; as bytes, round(255 value),
 * halves up, where `out` holds bytes. Several persons share a channel by the larger value; a joint that is not located leaves its channel and its limbs 0. A clip
 * of labels only is all 0. This is the definition to the last bit: the kernel of heatmap-kernel.ts, which is what draws batches, is held to it.
 */
export function heatmaps<Data extends Float32Array | Uint8Array = Float32Array>(
  clip: Clip, spec: HeatmapSpec, out: Data = new Float32Array(sizeOf(heatmapShape(clip.frames, spec))) as Data,
): { readonly shape: readonly number[]; readonly data: Data } {
  const shape = heatmapShape(clip.frames, spec)
  if (sizeOf(shape) !== out.length) throw new Error(`shape [${shape.join(', ')}] holds ${sizeOf(shape)} numbers, the data ${out.length}`)
  const { joints, limbs, channels } = channelsOf(spec)
  const canvas = { size: spec.size, ...gaussianOf(spec, out instanceof Uint8Array ? 'uint8' : 'float32') }
  const perChannel = (spec.patch ?? spec.size) ** 2
  const at = placesOf(spec, channels)
  out.fill(0)
  for (let frame = 0; frame < clip.frames; frame++) {
    for (let person = 0; person < (clip.keypoints === null ? 0 : clip.persons); person++) {
      const points = gridPoints(clip, { frame, person, size: spec.size })
      let channel = frame * channels * spec.size ** 2
      const keep: Keep = (x, y, value) => {
        const place = channel + at(x, y)
        out[place] = Math.max(out[place]!, out instanceof Uint8Array ? byteOf(value) : value)
      }
      for (const joint of joints) {
        if (isDrawn(points[joint]!)) drawJoint(canvas, points[joint]!, keep)
        channel += perChannel
      }
      for (const [a, b] of limbs) {
        if (isDrawn(points[a]!) && isDrawn(points[b]!)) drawLimb(canvas, points[a]!, points[b]!, keep)
        channel += perChannel
      }
    }
  }
  return { shape, data: out }
}

type Keep = (x: number, y: number, value: number) => void

/** Where pixel (x, y) of a channel lies, counted from its first. */
function placesOf({ size, patch }: HeatmapSpec, channels: number): (x: number, y: number) => number {
  const p = patch ?? size
  const token = channels * p * p
  return (x, y) => (Math.floor(y / p) * (size / p) + Math.floor(x / p)) * token + (y % p) * p + (x % p)
}

/** Everything below is in floats: each result is rounded once. */
const f = Math.fround

function byteOf(value: number): number {
  return Math.min(255, Math.trunc(f(f(value * 255) + 0.5)))
}

/** Radius in pixels; a squared distance times `scale` is the power of 2 that is the value. */
type Canvas = { readonly size: number; readonly radius: number; readonly scale: number }

/** The first and the last place on the grid within the radius of a coordinate. */
function reached({ size, radius }: Canvas, low: number, high = low): [first: number, last: number] {
  return [Math.max(0, Math.ceil(low - radius)), Math.min(size - 1, Math.floor(high + radius))]
}

/** A Gaussian is the product of a column and a row. */
function drawJoint(canvas: Canvas, { x: cx, y: cy, confidence }: Point, keep: Keep): void {
  const [left, right] = reached(canvas, cx)
  const [top, bottom] = reached(canvas, cy)
  for (let y = top; y <= bottom; y++) {
    const height = f(confidence * profile(canvas, y, cy))
    for (let x = left; x <= right; x++) keep(x, y, f(height * profile(canvas, x, cx)))
  }
}

/** Whole places are subtracted first, so that what is left is exact enough. */
function profile({ scale }: Canvas, place: number, centre: number): number {
  const distance = awayFrom(place, centre)
  return gaussian(f(distance * distance), scale)
}

function awayFrom(place: number, centre: number): number {
  return f(f(place - f(Math.floor(centre))) - f(centre - Math.floor(centre)))
}

/**
 * Row by row the pixels within the radius of the segment a + t (dx, dy), t in 0..1: a capsule, which is convex, so that each row is an interval. It ends
 * at the chord of the disc about the t where the capsule's long side meets the row, held in 0..1; `turn` is how far that side lies above or below the segment.
 * Squared distance = side^2 + beyond^2: `side` of the line, counted from a pixel of the row, and `beyond` the nearer end, counted from that end: small numbers.
 */
function drawLimb(canvas: Canvas, a: Point, b: Point, keep: Keep): void {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const square = dx * dx + dy * dy
  if (square < 1) return drawJoint(canvas, a, keep)
  const { radius, scale } = canvas
  const confidence = Math.min(a.confidence, b.confidence)
  const length = Math.sqrt(square)
  const [ux, uy] = [dx / length, dy / length]
  const [along, across] = [f(ux), f(-uy)]
  const turn = ((dy > 0 ? dx : -dx) * radius) / length
  const perRow = 1 / dy
  const [leftmost, rightmost] = reached(canvas, Math.min(a.x, b.x), Math.max(a.x, b.x))
  const [top, bottom] = reached(canvas, Math.min(a.y, b.y), Math.max(a.y, b.y))
  for (let y = top; y <= bottom; y++) {
    const py = y - a.y
    const first = dy === 0 ? Number(dx < 0) : held((py - turn) * perRow)
    const last = dy === 0 ? Number(dx > 0) : held((py + turn) * perRow)
    const left = Math.max(leftmost, Math.ceil(a.x + first * dx - chord(radius, py - first * dy)))
    const right = Math.min(rightmost, Math.floor(a.x + last * dx + chord(radius, py - last * dy)))
    const middle = (left + right + 1) >> 1
    const line = f(py * ux - (middle - a.x) * uy)
    const [fromA, fromB] = [f(py * uy), f((y - b.y) * uy)]
    for (let x = left; x <= right; x++) {
      const side = f(line + f((x - middle) * across))
      const before = f(f(awayFrom(x, a.x) * along) + fromA)
      const after = f(f(awayFrom(x, b.x) * along) + fromB)
      const beyond = Math.max(-before, after, 0)
      keep(x, y, f(confidence * gaussian(f(f(side * side) + f(beyond * beyond)), scale)))
    }
  }
}

/** Half of the chord at `height` above the centre of a disc; NaN when there is none, so that a row that misses draws nothing. */
function chord(radius: number, height: number): number {
  return Math.sqrt(radius * radius - height * height)
}

function held(t: number): number {
  return t < 0 ? 0 : t > 1 ? 1 : t
}

/** Of 2^x = 1 + x (...) for |x| <= 1/2, from the last; fitted to a relative error of 1e-7. */
const coefficients = [0.0013264729, 0.009671513, 0.055507336, 0.24022242, 0.693147, 1].map(f)

/** 2^(scale square): the nearest whole power, times a polynomial of what is left; relative error below 3e-7. */
function gaussian(square: number, scale: number): number {
  const exponent = f(square * scale)
  const whole = f(f(exponent + 12582912) - 12582912)
  const rest = f(exponent - whole)
  const part = coefficients.slice(1).reduce((sum, coefficient) => f(f(rest * sum) + coefficient), coefficients[0]!)
  return part * 2 ** whole
}
