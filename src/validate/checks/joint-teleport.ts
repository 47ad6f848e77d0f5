import type { Check } from '../check.ts'
import { type Body, distance, stepOf } from '../body.ts'
import type { Flaw } from '../finding.ts'

/** Bone lengths that a joint is farther away for one frame than it then stays. */
const LIMIT = 0.6

/**
 * A joint jumps away for one frame and back: min(|p(t) - p(t-1)|, |p(t+1) - p(t)|) - |p(t+1) - p(t-1)|, in bone lengths, is beyond 0.6 and beyond the steps
 * before and after. Steady speed scores below 0; what turns round at full speed scores its own reach, but comes and goes as fast.
 */
export const jointTeleport: Check = {
  code: 'joint-teleport', severity: 'warn', title: 'a joint jumps away for one frame and back', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(teleports),
}

function teleports(body: Body): Flaw[] {
  const { frames, skeleton, person } = body
  const jumps = new Map<number, { joints: string[]; value: number }>()
  for (const [joint, name] of skeleton.joints.entries()) {
    for (let frame = 1, at = joint * frames + 1; frame < frames - 1; frame++, at++) {
      const excess = (Math.min(distance(body, at - 1, at), distance(body, at, at + 1)) - distance(body, at - 1, at + 1)) / body.bone
      if (!(excess > LIMIT) || excess <= stepOf(body, joint, frame - 1) || excess <= stepOf(body, joint, frame + 2)) continue
      const jump = jumps.get(frame) ?? { joints: [], value: 0 }
      jumps.set(frame, { joints: [...jump.joints, name], value: Math.max(jump.value, excess) })
    }
  }
  return [...jumps].sort(([a], [b]) => a - b).map(([frame, { joints, value }]) => ({
    person, start: frame, end: frame + 1, joints, value, limit: LIMIT,
    message: `${joints.join(', ')} ${joints.length === 1 ? 'jumps' : 'jump'} ${value.toFixed(2)} bone lengths away in frame ${frame} and back in the next` }))
}
