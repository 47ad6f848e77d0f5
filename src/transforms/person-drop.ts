import type { Clip } from '../clip.ts'
import { withoutPoints } from './drop-joints.ts'
import { sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, makes one person of several absent, every one as likely. Persons who are never located do not count: the last one who is stays. Do and Kim,
 * SkateFormer, ECCV 2024 (whose code always takes the first).
 */
export function personDrop({ probability = 0.5 }: { probability?: number } = {}): Transform {
  return sometimes(probability, (clip, random) => {
    const there = Array.from({ length: clip.persons }, (_, person) => person).filter((person) => isLocated(clip, person))
    if (there.length < 2) return clip
    const person = there[random.integer(there.length)]!
    return withoutPoints(clip, Array.from({ length: clip.joints }, (_, joint) => ({ point: person * clip.joints + joint, start: 0, end: clip.frames })))
  })
}

/** Whether a joint of the person is located in any frame. */
function isLocated({ keypoints, persons, joints, dims }: Clip, person: number): boolean {
  const width = dims + 1
  return keypoints?.some((value, at) => at % width === 0 && Math.floor(at / (joints * width)) % persons === person && !Number.isNaN(value)) ?? false
}
