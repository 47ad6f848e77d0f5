import type { Check } from '../check.ts'
import { median } from '../median.ts'

/** Median steps of time that one step may take. */
const LIMIT = 1.5

/** Time does not go on evenly: a step of more than 1.5 median steps (frames were dropped), or none at all, or back. */
export const timeGap: Check = {
  code: 'time-gap', severity: 'warn', title: 'time stands still, goes back or leaves frames out', about: 'clip',
  find: ({ clip: { time, frames } }) => {
    const steps = Float64Array.from({ length: Math.max(0, frames - 1) }, (_, frame) => time[frame + 1]! - time[frame]!)
    const usual = median(steps)
    return [...steps].flatMap((step, at) => {
      if (step > 0 && step <= LIMIT * usual) return []
      const value = step / usual
      return [{
        person: null, start: at + 1, end: at + 2, joints: [], value: Number.isFinite(value) ? value : null, limit: LIMIT,
        message: `from frame ${at} to ${at + 1} time goes from ${time[at]!} to ${time[at + 1]!}; ${usual} is usual` }]
    })
  },
}
