import { OCCLUDED } from '../../clip.ts'
import type { Check } from '../check.ts'
import { type Body, distance, stepOf } from '../body.ts'
import type { Flaw } from '../finding.ts'
import { median } from '../median.ts'
import { framesText, type Run, runsWhere } from '../runs.ts'

/** Frames with the same coordinates, bit for bit. */
const LEAST_FRAMES = 5
/** Bone lengths that the other joints move over, in the median, meanwhile. */
const OTHERS_MOVE = 0.25
/** Bone lengths of the step into or out of the run: a joint that truly rests, such as a foot on the ground, needs none to go on. */
const LIMIT = 0.25

/**
 * An observed joint stands still to the bit for 5 frames and more while the median of the others moves over 0.25 bone lengths, and goes in or out by a step of
 * more than 0.25 bone lengths. Without such a step nothing tells a stuck joint from a planted foot.
 */
export const frozenJoint: Check = {
  code: 'frozen-joint', severity: 'warn', title: 'an observed joint is stuck while the others move', about: 'clip',
  find: ({ bodies }) => bodies.flatMap((body) => stuckOf(body, false)),
}

/** The same of a joint that is hidden most of the time: left where it was last seen rather than placed. */
export const staleHiddenJoint: Check = {
  code: 'stale-hidden-joint', severity: 'info', title: 'a hidden joint was left where it was while the others move', about: 'clip',
  find: ({ bodies }) => bodies.flatMap((body) => stuckOf(body, true)),
}

function stuckOf(body: Body, areHidden: boolean): Flaw[] {
  const { frames, skeleton: { joints }, person } = body
  return joints.flatMap((name, joint) => stillRuns(body, joint).flatMap((run): Flaw[] => {
    const value = Math.max(finite(stepOf(body, joint, run.start)), finite(stepOf(body, joint, run.end)))
    const hidden = body.states.subarray(joint * frames + run.start, joint * frames + run.end).filter((state) => state === OCCLUDED).length
    if (value <= LIMIT || hidden * 2 > run.end - run.start !== areHidden || !(othersMove(body, joint, run) > OTHERS_MOVE)) return []
    const what = `${areHidden ? 'hidden ' : ''}${name} stands still in ${framesText(run)}`
    const message = `${what} while the others move, beside a step of ${value.toFixed(2)} bone lengths`
    return [{ person, ...run, joints: [name], value, limit: LIMIT, message }]
  }))
}

function stillRuns(body: Body, joint: number): Run[] {
  const first = joint * body.frames
  return runsWhere(body.frames - 1, (frame) => distance(body, first + frame, first + frame + 1) === 0)
    .map(({ start, end }) => ({ start, end: end + 1 })).filter(({ start, end }) => end - start >= LEAST_FRAMES)
}

/** The median over the other joints of the diagonal of the box that each moves over, in bone lengths. */
function othersMove({ points, frames, dims, bone, skeleton: { joints } }: Body, joint: number, { start, end }: Run): number {
  return median(joints.flatMap((_, other) => {
    if (other === joint) return []
    let square = 0
    for (let axis = 0; axis < dims; axis++) {
      let [low, high] = [Infinity, -Infinity]
      for (let frame = start; frame < end; frame++) {
        const value = points[(other * frames + frame) * dims + axis]!
        if (value < low) low = value
        if (value > high) high = value
      }
      square += (high - low) ** 2
    }
    return [Math.sqrt(square) / bone]
  }))
}

function finite(step: number): number {
  return Number.isNaN(step) ? 0 : step
}
