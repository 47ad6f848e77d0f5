import type { Check } from '../check.ts'
import { framesText, runsWhere } from '../runs.ts'

/** A person box without area: x2 <= x1 or y2 <= y1. */
export const degenerateBox: Check = {
  code: 'degenerate-box', severity: 'warn', title: 'a person box has no area', about: 'clip',
  find: ({ clip: { boxes, frames } }) => {
    if (boxes === null) return []
    const isFlat = (frame: number): boolean => boxes[4 * frame + 2]! <= boxes[4 * frame]! || boxes[4 * frame + 3]! <= boxes[4 * frame + 1]!
    return runsWhere(frames, isFlat).map((run) => {
      const sides = Array.from(boxes.subarray(4 * run.start, 4 * run.start + 4), (side) => side.toFixed(1)).join(' ')
      return { person: null, ...run, joints: [], value: run.end - run.start, limit: 0, message: `the box has no area in ${framesText(run)}: ${sides}` }
    })
  },
}
