import { ABSENT } from '../../clip.ts'
import type { Check } from '../check.ts'
import { type Body, distance, stepOf } from '../body.ts'
import type { Flaw } from '../finding.ts'
import { framesText, type Run, runsWhere } from '../runs.ts'

/** Bone lengths that the joints go, in the mean, in the step before and in the step after. */
const LIMIT = 0.03
/** Share of the joints that must be located. */
const LOCATED = 0.5

/** Every joint is where it was in the frame before, bit for bit, in the middle of a movement: a frame was taken twice. */
export const duplicateFrames: Check = {
  code: 'duplicate-frames', severity: 'warn', title: 'frames repeat the one before in the middle of a movement', about: 'clip',
  find: ({ bodies }) => bodies.flatMap((body) => repeatsOf(body).flatMap((run): Flaw[] => {
    const value = Math.min(meanStep(body, run.start - 1), meanStep(body, run.end))
    if (!(value > LIMIT)) return []
    const message = `every joint is where it was in the frame before, bit for bit, in ${framesText(run)}, between steps of ${value.toFixed(3)} bone lengths`
    return [{ person: body.person, ...run, joints: [], value, limit: LIMIT, message }]
  })),
}

/** Frames that are as the one before them, at least half of the joints located. */
export function repeatsOf(body: Body): Run[] {
  return runsWhere(body.frames, (frame) => frame > 0 && isRepeated(body, frame))
}

function isRepeated(body: Body, frame: number): boolean {
  const { frames, states, skeleton: { joints } } = body
  let located = 0
  for (let joint = 0; joint < joints.length; joint++) {
    const at = joint * frames + frame
    if (states[at] !== states[at - 1]) return false
    if (states[at] === ABSENT) continue
    if (distance(body, at - 1, at) !== 0) return false
    located++
  }
  return located >= LOCATED * joints.length
}

/** The mean over located joints of the way into a frame, in bone lengths; 0 where there is none. */
function meanStep(body: Body, frame: number): number {
  const steps = body.skeleton.joints.map((_, joint) => stepOf(body, joint, frame)).filter(Number.isFinite)
  return steps.length === 0 ? 0 : steps.reduce((sum, step) => sum + step, 0) / steps.length
}
