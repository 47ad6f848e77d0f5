import { OBSERVED } from '../../clip.ts'
import type { Check } from '../check.ts'
import { framesText, runsWhere } from '../runs.ts'

/** Share of the frames without an observed joint beyond which a clip counts as annotated here and there, not as interrupted. */
const SPARSE = 0.5

/** Frames in which no joint of anybody is observed; where they are more than half of the clip, all of them are one finding. */
export const noObservedJoint: Check = {
  code: 'no-observed-joint', severity: 'warn', title: 'frames in which no joint is observed', about: 'clip',
  find: ({ clip: { frames }, bodies }) => {
    if (bodies.length === 0) return []
    const isObserved = (frame: number): boolean =>
      bodies.some(({ states, skeleton }) => skeleton.joints.some((_, joint) => states[joint * frames + frame] === OBSERVED))
    const runs = runsWhere(frames, (frame) => !isObserved(frame))
    const empty = runs.reduce((sum, { start, end }) => sum + end - start, 0)
    const flaw = { person: null, joints: [], limit: 0 }
    if (empty > SPARSE * frames) return [{ ...flaw, start: null, end: null, value: empty, message: `no joint is observed in ${empty} of ${frames} frames` }]
    return runs.map((run) => ({ ...flaw, ...run, value: run.end - run.start, message: `no joint is observed in ${framesText(run)}` }))
  },
}
