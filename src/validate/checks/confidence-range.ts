import type { Check } from '../check.ts'
import type { Flaw } from '../finding.ts'
import { framesText, runsWhere } from '../runs.ts'

/** A confidence is a share: 0 to 1. */
export const confidenceRange: Check = {
  code: 'confidence-range', severity: 'error', title: 'a confidence is not between 0 and 1', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(({ confidences, frames, person, skeleton }) => skeleton.joints.flatMap((name, joint) => {
    const of = confidences.subarray(joint * frames, (joint + 1) * frames)
    return runsWhere(frames, (frame) => !(of[frame]! >= 0 && of[frame]! <= 1)).map((run): Flaw => {
      const value = of[run.start]!
      const message = `the confidence of ${name} is ${value} in ${framesText(run)}`
      return { person, ...run, joints: [name], value: Number.isFinite(value) ? value : null, limit: 1, message }
    })
  })),
}
