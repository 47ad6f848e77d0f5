import type { Clip } from '../clip.ts'
import { channelsOf, gridPoints, type HeatmapSpec, leastConfidence, type Point } from './heatmap-spec.ts'

/** The value at grid point (x, y) of a joint's map: confidence times exp(-|(x, y) - joint|^2 / (2 sigma^2)), grid px. */
export function jointValue(x: number, y: number, joint: Point, sigma: number): number {
  return joint.confidence * Math.exp(-((x - joint.x) ** 2 + (y - joint.y) ** 2) / (2 * sigma ** 2))
}

/**
 * The value at grid point (x, y) of a limb's map: min(confidences) times exp(-D^2 / (2 sigma^2)), D = distance to the segment from a to b, grid px.
 * A limb shorter than one px is the joint a. Duan et al., PoseC3D, CVPR 2022.
 */
export function limbValue(x: number, y: number, { a, b, sigma }: { a: Point; b: Point; sigma: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const square = dx ** 2 + dy ** 2
  if (square < 1) return jointValue(x, y, a, sigma)
  const along = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / square))
  const nearest = { x: a.x + along * dx, y: a.y + along * dy, confidence: Math.min(a.confidence, b.confidence) }
  return jointValue(x, y, nearest, sigma)
}

/** The maps [T, C, size, size] as the formula has them: every pixel, no truncation, doubles. What heatmaps.ts and its kernel are measured against. */
export function heatmapsExactly(clip: Clip, spec: HeatmapSpec): Float64Array {
  const { joints, limbs } = channelsOf(spec)
  const { size, sigma } = spec
  const out = new Float64Array(clip.frames * (joints.length + limbs.length) * size * size)
  let at = 0
  for (let frame = 0; frame < clip.frames; frame++) {
    const persons = Array.from({ length: clip.persons }, (_, person) => gridPoints(clip, { frame, person, size }))
    const maps = [
      ...joints.map((joint) => (x: number, y: number) => strongest(persons, [joint], (points) => jointValue(x, y, points[joint]!, sigma))),
      ...limbs.map(([a, b]) => (x: number, y: number) => strongest(persons, [a, b], (points) => limbValue(x, y, { a: points[a]!, b: points[b]!, sigma }))),
    ]
    for (const map of maps) for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) out[at++] = map(x, y)
  }
  return out
}

/** The largest value over the persons who have all the joints needed; 0 when nobody has. */
function strongest(persons: readonly (readonly Point[])[], needed: readonly number[], value: (points: readonly Point[]) => number): number {
  return Math.max(0, ...persons.filter((points) => needed.every((joint) => points[joint]!.confidence >= leastConfidence)).map(value))
}
