import { OBSERVED } from '../../clip.ts'
import type { Check } from '../check.ts'
import type { Body } from '../body.ts'

/** Joints that are observed in no frame of a clip in which others are. */
export const jointNeverObserved: Check = {
  code: 'joint-never-observed', severity: 'info', title: 'a joint is observed in no frame of the clip', about: 'clip',
  find: ({ bodies }) => {
    const never = (bodies[0]?.skeleton.joints ?? []).filter((_, joint) => !bodies.some((body) => isEverObserved(body, joint)))
    if (never.length === 0 || never.length === bodies[0]!.skeleton.joints.length) return []
    return [{ person: null, start: null, end: null, joints: never, value: never.length, limit: 0, message: `never observed: ${never.join(', ')}` }]
  },
}

function isEverObserved({ states, frames }: Body, joint: number): boolean {
  return states.subarray(joint * frames, (joint + 1) * frames).includes(OBSERVED)
}
