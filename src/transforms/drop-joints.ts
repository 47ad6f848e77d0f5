import { ABSENT, type Clip } from '../clip.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, makes joints absent: each joint of each person with chance `share`, and then in the whole sequence or in a random run of frames,
 * evenly. An absent joint has NaN coordinates and confidence 0.
 */
export function dropJoints({ share = 0.1, probability = 0.3 }: { share?: number; probability?: number } = {}): Transform {
  checkRange('share', share, 0, 1)
  return sometimes(probability, (clip, random) => {
    const points = clip.persons * clip.joints
    const dropped: Dropped[] = []
    for (let point = 0; point < points; point++) {
      if (!random.chance(share)) continue
      if (random.chance(0.5)) dropped.push({ point, start: 0, end: clip.frames })
      else {
        const ends = [random.integer(clip.frames), random.integer(clip.frames)] as const
        dropped.push({ point, start: Math.min(...ends), end: Math.max(...ends) + 1 })
      }
    }
    return withoutPoints(clip, dropped)
  })
}

/** Joint `point` (person x joints + joint) in frames [start, end). */
export type Dropped = { readonly point: number; readonly start: number; readonly end: number }

/** The clip with the given joints made absent in the given frames. */
export function withoutPoints(clip: Clip, dropped: readonly Dropped[]): Clip {
  const keypoints = clip.keypoints?.slice() ?? null
  const states = clip.states?.slice() ?? null
  const points = clip.persons * clip.joints
  const width = clip.dims + 1
  for (const { point, start, end } of dropped) {
    for (let frame = start; frame < end; frame++) {
      const at = frame * points + point
      keypoints?.fill(NaN, at * width, at * width + clip.dims).fill(0, at * width + clip.dims, (at + 1) * width)
      states?.fill(ABSENT, at, at + 1)
    }
  }
  return { ...clip, keypoints, states }
}
