import type { Clip } from '../clip.ts'
import { gapsInTime } from './gaps-in-time.ts'

/** How the joints of a clip become numbers. */
export type CoordinatesSpec = {
  /** Room for persons. */
  readonly persons: number
  /** What counts as 1: `frame` = half of the longer side of the clip's frame, or so many px. */
  readonly unit: number | 'frame'
  /** What stands where a joint is absent: where it would be on a line between the frames that have it (nearest at the ends), or 0. A joint that is never there is 0. */
  readonly absent: 'interpolated' | 'zero'
}

/** Numbers per joint: its coordinates, its confidence, and whether it is absent. */
export function coordinatesShape({ frames, joints, dims }: { frames: number; joints: number; dims: number }, { persons }: Pick<CoordinatesSpec, 'persons'>): number[] {
  return [frames, persons, joints, dims + 2]
}

/**
 * The joints of a clip as numbers into `out`, [T, M, J, dims + 2]: x and y from the centre of the clip's frame and z as it is, in units; confidence (0 where absent); 1 where absent, else 0.
 * Persons that are not there are absent joints; what `out` holds beyond the clip's frames becomes 0.
 */
export function setCoordinates(clip: Clip, { persons, unit, absent }: CoordinatesSpec, out: Float32Array): void {
  const { dims, frames } = clip
  const one = unit === 'frame' ? Math.max(clip.width, clip.height) / 2 : unit
  const [from, to] = [dims + 1, dims + 2]
  const centre = [clip.width / 2, clip.height / 2, 0]
  out.fill(0)
  for (let person = 0; person < persons; person++) for (let joint = 0; joint < clip.joints; joint++) {
    const place = (frame: number): number => ((frame * persons + person) * clip.joints + joint) * to
    const given = (frame: number): number => ((frame * clip.persons + person) * clip.joints + joint) * from
    const there: number[] = []
    for (let frame = 0; frame < frames; frame++) {
      if (person >= clip.persons || Number.isNaN(clip.keypoints![given(frame)])) out[place(frame) + dims + 1] = 1
      else {
        for (let axis = 0; axis < dims; axis++) out[place(frame) + axis] = (clip.keypoints![given(frame) + axis]! - centre[axis]!) / one
        out[place(frame) + dims] = clip.keypoints![given(frame) + dims]!
        there.push(frame)
      }
    }
    if (absent === 'interpolated' && there.length > 0 && there.length < frames) fillBetween(out, { there, place, time: clip.time, dims })
  }
}

/** Coordinates of the frames without a joint, on lines in time between those that have it. */
function fillBetween(out: Float32Array, { there, place, time, dims }: { there: readonly number[]; place: (frame: number) => number; time: Float32Array; dims: number }): void {
  for (const { frame, before, after, share } of gapsInTime(time, there)) {
    for (let axis = 0; axis < dims; axis++) {
      const [a, b] = [out[place(before) + axis]!, out[place(after) + axis]!]
      out[place(frame) + axis] = a + (b - a) * share
    }
  }
}
