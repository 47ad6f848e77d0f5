import { type Clip, OCCLUDED } from '../clip.ts'
import { gapsInTime } from './gaps-in-time.ts'
import { checkRange, type Transform } from './transform.ts'

/**
 * Puts joints that are absent on the line in time between the nearest frames that have them, where the first or the last of those is at the ends, with that confidence, 0.01 to 1, and counts them as
 * occluded. A joint that no frame has stays absent. Draws nothing.
 */
export function fillAbsent({ confidence = 0.5 }: { confidence?: number } = {}): Transform {
  checkRange('confidence', confidence, 0.01, 1)
  return (clip) => {
    if (clip.keypoints === null) return clip
    const filled: Clip = { ...clip, keypoints: clip.keypoints.slice(), states: clip.states?.slice() ?? null }
    for (let point = 0; point < clip.persons * clip.joints; point++) fillPoint(filled, point, confidence)
    return filled
  }
}

/** Fills a joint of a person in place. */
function fillPoint({ keypoints, states, frames, persons, joints, dims, time }: Clip, point: number, confidence: number): void {
  const at = (frame: number): number => (frame * persons * joints + point) * (dims + 1)
  const there = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !Number.isNaN(keypoints![at(frame)]))
  if (there.length === 0 || there.length === frames) return
  for (const { frame, before, after, share } of gapsInTime(time, there)) {
    for (let axis = 0; axis < dims; axis++) {
      const [a, b] = [keypoints![at(before) + axis]!, keypoints![at(after) + axis]!]
      keypoints![at(frame) + axis] = a + (b - a) * share
    }
    keypoints![at(frame) + dims] = confidence
    states?.fill(OCCLUDED, frame * persons * joints + point, frame * persons * joints + point + 1)
  }
}
