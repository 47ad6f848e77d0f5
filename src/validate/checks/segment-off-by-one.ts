import type { Check } from '../check.ts'
import { labelFlaw } from './label-flaw.ts'
import { exclusiveTracks, trackNeighbours } from './track-neighbours.ts'

/** Pairs of neighbours that show a habit. */
const LIMIT = 3

/**
 * On an exclusive track three neighbours and more are one frame apart, or share one, and none meet: ends that are included were read as if
 * they were not, or the other way round.
 */
export const segmentOffByOne: Check = {
  code: 'segment-off-by-one', severity: 'warn', title: 'segments of a track are one frame apart, or share one, and never meet', about: 'clip',
  find: (subject) => exclusiveTracks.flatMap((track) => {
    const gaps = trackNeighbours(subject).filter(([{ track: name }]) => name === track).map(([before, segment]) => segment.start - before.end)
    const [apart, shared] = [gaps.filter((gap) => gap === 1).length, gaps.filter((gap) => gap === -1).length]
    const value = Math.max(apart, shared)
    if (value < LIMIT || gaps.includes(0)) return []
    const what = apart > shared ? 'leave one frame between them' : 'share one frame'
    const message = `${value} of ${gaps.length} neighbours on the track ${track} ${what}, and none meet`
    return [{ ...labelFlaw({ start: null, end: null }, message), value, limit: LIMIT }]
  }),
}
