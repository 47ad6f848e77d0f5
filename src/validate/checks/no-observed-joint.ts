import { OBSERVED } from '../../clip.ts'
import type { Check } from '../check.ts'
import { framesText, runsWhere } from '../runs.ts'

/** Frames in which no joint of anybody is observed. */
export const noObservedJoint: Check = {
  code: 'no-observed-joint', severity: 'warn', title: 'frames in which no joint is observed', about: 'clip',
  find: ({ clip, bodies }) => {
    if (bodies.length === 0) return []
    const isObserved = (frame: number): boolean =>
      bodies.some(({ states, frames, skeleton }) => skeleton.joints.some((_, joint) => states[joint * frames + frame] === OBSERVED))
    return runsWhere(clip.frames, (frame) => !isObserved(frame)).map((run) => ({
      person: null, ...run, joints: [], value: run.end - run.start, limit: 0,
      message: `no joint is observed in ${run.end - run.start === clip.frames ? `any of ${clip.frames} frames` : framesText(run)}` }))
  },
}
