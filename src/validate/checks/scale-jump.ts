import type { Check } from '../check.ts'
import type { Body } from '../body.ts'
import type { Flaw } from '../finding.ts'
import { median } from '../median.ts'
import { framesText, runsWhere } from '../runs.ts'

/** Factor by which the skeleton grows or shrinks from one frame to the next. */
const LIMIT = 1.15
/** Share of all bones that must be located in both frames and agree: their log change within half of the median's. */
const AGREE = 0.5

/**
 * The whole skeleton grows or shrinks at once: the median over bones of ln L(t) - ln L(t-1) is beyond ln 1.15; half of all bones are located in both
 * frames and agree.
 */
export const scaleJump: Check = {
  code: 'scale-jump', severity: 'warn', title: 'the whole skeleton grows or shrinks from one frame to the next', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(jumpsOf),
}

function jumpsOf(body: Body): Flaw[] {
  const changes = Float64Array.from({ length: body.frames }, (_, frame) => (frame === 0 ? 0 : changeAt(body, frame)))
  return runsWhere(body.frames, (frame) => Math.abs(changes[frame]!) > Math.log(LIMIT)).map((run) => {
    const factor = Math.exp(changes.subarray(run.start, run.end).reduce((sum, change) => sum + change, 0))
    const value = factor < 1 ? 1 / factor : factor
    return {
      person: body.person, ...run, joints: [], value, limit: LIMIT,
      message: `the whole skeleton ${factor < 1 ? 'shrinks' : 'grows'} ${value.toFixed(2)} times in ${framesText(run)}` }
  })
}

/** ln of the factor by which the bones have grown since the frame before; 0 when too few of them agree. */
function changeAt({ bones, frames, skeleton: { edges } }: Body, frame: number): number {
  const changes = new Float64Array(edges.length)
  for (let edge = 0, at = frame; edge < edges.length; edge++, at += frames) changes[edge] = Math.log(bones[at]! / bones[at - 1]!)
  const middle = median(changes)
  let agreeing = 0
  for (const change of changes) if (Math.abs(change - middle) < Math.abs(middle) / 2) agreeing++
  return agreeing >= AGREE * edges.length ? middle : 0
}
