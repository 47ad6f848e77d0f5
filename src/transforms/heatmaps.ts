import type { Clip } from '../clip.ts'
import { exp } from '../elementary.ts'
import { sizeOf, type Tensor, tensor } from '../tensor.ts'
import { channelsOf, gridPoints, heatmapShape, type HeatmapSpec, leastConfidence, type Point } from './heatmap-spec.ts'

/** How far a map reaches, in sigmas: what lies beyond is below e^-14.1 = 7.4e-7 and left 0. */
const reach = Math.sqrt(2 * 14.1)

/**
 * Joint and limb maps of a clip, each value within 1e-6 of the formula in heatmap-oracle.ts, straight in the order of `spec.patch`.
 * Several persons share a channel by the larger value; a joint that is not located leaves its channel and its limbs 0. A clip of labels only is all 0.
 * `out` is filled when given, which must hold exactly the clip's frames.
 */
export function heatmaps(clip: Clip, spec: HeatmapSpec, out: Float32Array = new Float32Array(sizeOf(heatmapShape(clip.frames, spec)))): Tensor {
  const made = tensor(heatmapShape(clip.frames, spec), out)
  const { joints, limbs, channels } = channelsOf(spec)
  const canvas = canvasOn(out, spec, channels)
  const channelStride = (spec.patch ?? spec.size) ** 2
  const perFrame = channels * spec.size ** 2
  for (let frame = 0; frame < clip.frames; frame++) {
    // frame by frame, so that what is drawn into is still in the cache
    out.fill(0, frame * perFrame, (frame + 1) * perFrame)
    for (let person = 0; person < (clip.keypoints === null ? 0 : clip.persons); person++) {
      const points = gridPoints(clip, { frame, person, size: spec.size })
      let channel = frame * perFrame
      for (const joint of joints) {
        if (isDrawn(points[joint]!)) drawJoint(canvas, channel, points[joint]!)
        channel += channelStride
      }
      for (const [a, b] of limbs) {
        if (isDrawn(points[a]!) && isDrawn(points[b]!)) drawLimb(canvas, channel, points[a]!, points[b]!)
        channel += channelStride
      }
    }
  }
  return made
}

/** Where the pixels of a channel lie: pixel (x, y) of the channel that starts at `start` is out[start + rows[y] + columns[x]]. */
type Canvas = {
  readonly out: Float32Array
  readonly size: number
  readonly rows: Int32Array
  readonly columns: Int32Array
  /** Reach in pixels. */
  readonly radius: number
  /** 1 / (2 sigma^2) */
  readonly sharpness: number
  /** One column of a joint's map. */
  readonly profile: Float64Array
}

function canvasOn(out: Float32Array, { size, sigma, patch }: HeatmapSpec, channels: number): Canvas {
  const p = patch ?? size
  const token = channels * p * p
  return {
    out, size,
    rows: Int32Array.from({ length: size }, (_, y) => Math.floor(y / p) * (size / p) * token + (y % p) * p),
    columns: Int32Array.from({ length: size }, (_, x) => Math.floor(x / p) * token + (x % p)),
    radius: reach * sigma,
    sharpness: 1 / (2 * sigma * sigma),
    profile: new Float64Array(size),
  }
}

function isDrawn({ x, y, confidence }: Point): boolean {
  return confidence >= leastConfidence && !Number.isNaN(x + y)
}

/** A Gaussian is the product of a row and a column profile: 2 n exponentials for n x n pixels. */
function drawJoint({ out, size, rows, columns, radius, sharpness, profile }: Canvas, start: number, { x: cx, y: cy, confidence }: Point): void {
  const [left, right] = [Math.max(0, Math.ceil(cx - radius)), Math.min(size - 1, Math.floor(cx + radius))]
  const [top, bottom] = [Math.max(0, Math.ceil(cy - radius)), Math.min(size - 1, Math.floor(cy + radius))]
  for (let x = left; x <= right; x++) profile[x] = gaussian((x - cx) * (x - cx) * sharpness)
  for (let y = top; y <= bottom; y++) {
    const row = confidence * gaussian((y - cy) * (y - cy) * sharpness)
    const base = start + rows[y]!
    for (let x = left; x <= right; x++) {
      const value = row * profile[x]!
      const at = base + columns[x]!
      if (value > out[at]!) out[at] = value
    }
  }
}

/**
 * Row by row the pixels within the radius of the segment a + t (dx, dy), t in 0..1: a capsule, which is convex, so that each row is an interval. It ends
 * at the chord of the disc about the t where the capsule's long side meets the row, held in 0..1; `turn` is how far that side lies above or below the segment.
 */
function drawLimb(canvas: Canvas, start: number, a: Point, b: Point): void {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const square = dx * dx + dy * dy
  if (square < 1) return drawJoint(canvas, start, a)
  const { out, size, rows, columns, radius, sharpness } = canvas
  const confidence = Math.min(a.confidence, b.confidence)
  const [top, bottom] = [Math.max(0, Math.ceil(Math.min(a.y, b.y) - radius)), Math.min(size - 1, Math.floor(Math.max(a.y, b.y) + radius))]
  const [alongX, alongY] = [dx / square, dy / square]
  const turn = ((dy > 0 ? dx : -dx) * radius) / Math.sqrt(square)
  for (let y = top; y <= bottom; y++) {
    const py = y - a.y
    const first = dy === 0 ? Number(dx < 0) : held((py - turn) / dy)
    const last = dy === 0 ? Number(dx > 0) : held((py + turn) / dy)
    const left = Math.max(0, Math.ceil(a.x + first * dx - chord(radius, py - first * dy)))
    const right = Math.min(size - 1, Math.floor(a.x + last * dx + chord(radius, py - last * dy)))
    const base = start + rows[y]!
    for (let x = left; x <= right; x++) {
      const px = x - a.x
      const along = held(px * alongX + py * alongY)
      const ex = px - along * dx
      const ey = py - along * dy
      const value = confidence * gaussian((ex * ex + ey * ey) * sharpness)
      const at = base + columns[x]!
      if (value > out[at]!) out[at] = value
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

const step = 14.2 / 1024
const table = Float64Array.from({ length: 1026 }, (_, i) => exp(-i * step))

/** e^-u for 0 <= u <= 14.1, else 0 or close to it; the nearest of 1,024 exact values and three terms of a series: relative error below 6e-8. */
function gaussian(u: number): number {
  if (u > 14.1) return 0
  const i = (u * (1 / step) + 0.5) | 0
  const d = i * step - u
  return table[i]! * (1 + d + 0.5 * d * d)
}
