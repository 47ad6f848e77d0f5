import type { Clip } from '../clip.ts'
import type { Place } from './anatomy.ts'

/**
 * [T, dims] where a place of a person's body is, the mean of its joints; in frames without one of them, where it is in the nearest frame that has them all, the
 * earlier of two. null = it is never located.
 */
export function trackOf(clip: Clip, place: Place, person: number): Float64Array | null {
  const track = new Float64Array(clip.frames * clip.dims).fill(NaN)
  for (let frame = 0; frame < clip.frames; frame++) {
    for (let axis = 0; axis < clip.dims; axis++) {
      const sum = place.reduce((sum, joint) => sum + clip.keypoints![((frame * clip.persons + person) * clip.joints + joint) * (clip.dims + 1) + axis]!, 0)
      track[frame * clip.dims + axis] = sum / place.length
    }
  }
  return filled(track, clip.dims)
}

/** What is found of the first person of whom it can be found; null = of nobody. */
export function ofFirst<Found>({ persons }: Pick<Clip, 'persons'>, find: (person: number) => Found | null): Found | null {
  for (let person = 0; person < persons; person++) {
    const found = find(person)
    if (found !== null) return found
  }
  return null
}

/** [T] how far two places of a person's body are from one another, filled in the same way; null = never both located, or never apart. */
export function distancesOf(clip: Clip, [a, b]: readonly [Place, Place], person: number): Float64Array | null {
  const [from, to] = [trackOf(clip, a, person), trackOf(clip, b, person)]
  if (from === null || to === null) return null
  const distances = Float64Array.from({ length: clip.frames }, (_, frame) => {
    const square = Array.from({ length: clip.dims }, (_, axis) => (to[frame * clip.dims + axis]! - from[frame * clip.dims + axis]!) ** 2).reduce((sum, one) => sum + one, 0)
    return square === 0 ? NaN : Math.sqrt(square)
  })
  return filled(distances, 1)
}

function filled(rows: Float64Array, width: number): Float64Array | null {
  const count = rows.length / width
  const known = Array.from({ length: count }, (_, frame) => frame).filter((frame) => !Number.isNaN(rows[frame * width]!))
  if (known.length === 0) return null
  let next = 0
  for (let frame = 0; frame < count; frame++) {
    while (next + 1 < known.length && known[next + 1]! - frame < frame - known[next]!) next++
    if (known[next] === frame) continue
    const nearest = next + 1 < known.length && Math.abs(known[next + 1]! - frame) < Math.abs(known[next]! - frame) ? known[next + 1]! : known[next]!
    rows.copyWithin(frame * width, nearest * width, (nearest + 1) * width)
  }
  return rows
}
