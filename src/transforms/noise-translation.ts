import type { Skeleton } from '../skeleton.ts'
import { spineOf } from './anatomy.ts'
import { distancesOf } from './track.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, adds N(0, (deviation x spine)^2) to every coordinate of every joint in every frame, in units of the person's own spine in that frame (the
 * nearest frame that has one; a person without any stays). The `noise_translation` of CASA: Kwon et al., CVPR 2022.
 */
export function noiseTranslation({ skeleton, deviation = 0.1, probability = 0.3 }: { skeleton: Skeleton; deviation?: number; probability?: number }): Transform {
  checkRange('deviation', deviation, 0, 10)
  const { top, bottom } = spineOf(skeleton)
  return sometimes(probability, (clip, random) => {
    if (clip.keypoints === null) return clip
    const spines = Array.from({ length: clip.persons }, (_, person) => distancesOf(clip, [top, bottom], person))
    const keypoints = clip.keypoints.slice()
    const person = clip.joints * (clip.dims + 1)
    for (let at = 0; at < keypoints.length; at++) {
      if (at % (clip.dims + 1) === clip.dims) continue
      const body = Math.floor(at / person)
      keypoints[at]! += deviation * (spines[body % clip.persons]?.[Math.floor(body / clip.persons)] ?? 0) * random.normal()
    }
    return { ...clip, keypoints, raw: null }
  })
}
