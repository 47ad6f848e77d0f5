import { ABSENT } from '../../clip.ts'
import type { Check } from '../check.ts'
import { framesText, runsWhere } from '../runs.ts'

/** A joint that is said to be located has a coordinate that is no number. */
export const nonFinite: Check = {
  code: 'non-finite', severity: 'error', title: 'a located joint has a coordinate that is no number', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(({ points, states, frames, dims, skeleton, person }) => skeleton.joints.flatMap((name, joint) => {
    const isFinite = (at: number): boolean => Number.isFinite(points[at]! + points[at + 1]! + (dims === 2 ? 0 : points[at + 2]!))
    return runsWhere(frames, (frame) => states[joint * frames + frame] !== ABSENT && !isFinite((joint * frames + frame) * dims)).map((run) => ({
      person, ...run, joints: [name], value: null, limit: null, message: `${name} is located in ${framesText(run)}, but a coordinate is not a finite number` }))
  })),
}
