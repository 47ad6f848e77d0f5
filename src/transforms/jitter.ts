import type { Clip } from '../clip.ts'
import type { Random } from '../random.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, adds normal noise to every coordinate of every joint in every frame; its deviation is `share` of the longer side of the frame
 * (of the box after a crop).
 */
export function jitter({ share = 0.02, probability = 0.3 }: { share?: number; probability?: number } = {}): Transform {
  checkRange('share', share, 0, 1)
  return sometimes(probability, (clip, random) => jittered(clip, share * Math.max(clip.width, clip.height), random))
}

/** Joints moved by N(0, deviation^2) px per axis. Absent joints draw too, so that what is missing does not shift the noise of the others. */
export function jittered(clip: Clip, deviation: number, random: Random): Clip {
  if (clip.keypoints === null) return clip
  const keypoints = clip.keypoints.slice()
  for (let at = 0; at < keypoints.length; at += clip.dims + 1) {
    for (let axis = 0; axis < clip.dims; axis++) keypoints[at + axis]! += deviation * random.normal()
  }
  return { ...clip, keypoints, raw: null }
}
