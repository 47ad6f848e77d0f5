import { withoutPoints } from './drop-joints.ts'
import { sometimes, type Transform } from './transform.ts'

/** With `probability`, makes one person of several absent, every one as likely; the last one stays. Do and Kim, SkateFormer, ECCV 2024. */
export function personDrop({ probability = 0.5 }: { probability?: number } = {}): Transform {
  return sometimes(probability, (clip, random) => {
    if (clip.persons === 1) return clip
    const person = random.integer(clip.persons)
    return withoutPoints(clip, Array.from({ length: clip.joints }, (_, joint) => ({ point: person * clip.joints + joint, start: 0, end: clip.frames })))
  })
}
