import { OBSERVED } from '../../clip.ts'
import type { Check, Subject } from '../check.ts'
import type { Body } from '../body.ts'
import type { Flaw } from '../finding.ts'
import { framesText, runsWhere } from '../runs.ts'

/** px beyond the image that are still on its edge. */
const LIMIT = 0

/** A joint that is said to be seen lies outside the image: x outside 0..width or y outside 0..height, both ends included. Clips in px only. */
export const offImage: Check = {
  code: 'off-image', severity: 'warn', title: 'an observed joint lies outside the image', about: 'clip',
  find: ({ clip, bodies }) => (clip.unit === 'px' && clip.width > 0 && clip.height > 0 ? bodies.flatMap((body) => outside(body, clip)) : []),
}

function outside(body: Body, { width, height }: Subject['clip']): Flaw[] {
  const { points, states, frames, dims, person, skeleton } = body
  return skeleton.joints.flatMap((name, joint) => {
    const beyond = (frame: number): number => {
      const at = (joint * frames + frame) * dims
      return states[joint * frames + frame] === OBSERVED ? Math.max(-points[at]!, points[at]! - width, -points[at + 1]!, points[at + 1]! - height) : NaN
    }
    return runsWhere(frames, (frame) => beyond(frame) > LIMIT).map((run) => {
      const value = Math.max(...Array.from({ length: run.end - run.start }, (_, at) => beyond(run.start + at)))
      const message = `${name} lies up to ${value.toFixed(1)} px outside the image of ${width} x ${height} in ${framesText(run)}`
      return { person, ...run, joints: [name], value, limit: LIMIT, message }
    })
  })
}
