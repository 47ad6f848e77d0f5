import { withoutPoints } from './drop-joints.ts'
import { subset } from './subset.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, makes round(share x joints) joints of every person absent, every subset of that size equally likely, in round(frames x T) frames drawn
 * alike. Shah et al., HaLP, CVPR 2023 (15 of 25 joints, all frames); Do and Kim, SkateFormer, ECCV 2024 (`drop_joint`, some frames only).
 */
export function jointMask({ share = 0.6, frames = 1, probability = 0.5 }: { share?: number; frames?: number; probability?: number } = {}): Transform {
  checkRange('share', share, 0, 1)
  checkRange('frames', frames, 0, 1)
  return sometimes(probability, (clip, random) => {
    const joints = subset(clip.joints, Math.round(share * clip.joints), random)
    const moments = subset(clip.frames, Math.round(frames * clip.frames), random)
    const points = joints.flatMap((joint) => Array.from({ length: clip.persons }, (_, person) => person * clip.joints + joint))
    return withoutPoints(clip, points.flatMap((point) => moments.map((start) => ({ point, start, end: start + 1 }))))
  })
}
