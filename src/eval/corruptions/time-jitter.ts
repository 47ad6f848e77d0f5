import { resampleAt } from '../../transforms/index.ts'
import type { CorruptionKind } from './corruption.ts'

/**
 * Every frame is taken at another moment, N(0, (level x frames)^2) away, mirrored at the ends; moments are put in order, so that time never runs backwards.
 * Joints between two frames by linear interpolation.
 */
export const timeJitter: CorruptionKind = {
  name: 'time-jitter', summary: 'frames are taken at uneven moments, in order', unit: "deviation, share of the clip's length", levels: [0, 0.02, 0.05, 0.1],
  corrupt: (clip, { level, random }) => {
    const last = clip.frames - 1
    const moments = Float64Array.from({ length: clip.frames }, (_, t) => within(t + level * clip.frames * random.normal(), last)).sort()
    return { clip: resampleAt(clip, moments, 'linear'), moments }
  },
}

/** A moment mirrored at 0 and at the last frame, as often as it lies beyond. */
function within(moment: number, last: number): number {
  if (last === 0) return 0
  const there = Math.abs(moment) % (2 * last)
  return there <= last ? there : 2 * last - there
}
