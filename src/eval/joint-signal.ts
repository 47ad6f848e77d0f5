import type { Clip } from '../clip.ts'

/** Height signal of the mean of some joints, in px (y, so down is larger); [T] in float64. */
export function meanHeight(clip: Clip, joints: readonly number[]): Float64Array | null {
  const seen = joints.flatMap((joint) => height(clip, joint) ?? [])
  return seen.length === 0 ? null : seen[0]!.map((_, t) => seen.reduce((sum, ys) => sum + ys[t]!, 0) / seen.length)
}

/** y of one joint of the first person, absent frames interpolated in time and held at the ends; null when the joint is never located. */
export function height(clip: Clip, joint: number): Float64Array | null {
  return clip.keypoints === null ? null : filled(axis(clip, joint, 1))
}

/** One coordinate of one joint of the first person over time, NaN where absent. */
export function axis(clip: Clip, joint: number, dimension: number): Float64Array {
  const width = clip.dims + 1
  return Float64Array.from({ length: clip.frames }, (_, t) => clip.keypoints![(t * clip.persons * clip.joints + joint) * width + dimension]!)
}

/** NaN replaced by the line between their neighbours, by the nearest value at the ends (numpy.interp); null when all are NaN. */
export function filled(values: Float64Array): Float64Array | null {
  const known = Array.from(values.keys()).filter((t) => !Number.isNaN(values[t]!))
  if (known.length === 0) return null
  let next = 0
  return values.map((value, t) => {
    while (next < known.length && known[next]! < t) next++
    if (next === known.length) return values[known.at(-1)!]!
    if (known[next] === t || next === 0) return next === 0 ? values[known[0]!]! : value
    const [a, b] = [known[next - 1]!, known[next]!]
    return ((values[b]! - values[a]!) / (b - a)) * (t - a) + values[a]!
  })
}

/** Moving mean over `width` frames (odd), the first and last value repeated beyond the ends. */
export function smooth(values: Float64Array, width: number): Float64Array {
  const half = (width - 1) / 2
  return values.map((_, t) => {
    let sum = 0
    for (let offset = -half; offset <= half; offset++) sum += values[Math.min(values.length - 1, Math.max(0, t + offset))]! * (1 / width)
    return sum
  })
}
