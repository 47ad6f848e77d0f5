import type { Check } from '../check.ts'
import { labelFlaw } from './label-flaw.ts'
import { exclusiveTracks, trackNeighbours } from './track-neighbours.ts'

/** Junctions of an exclusive track that show a habit. */
const LEAST_JUNCTIONS = 3

/** Most neighbours on an exclusive track are one frame apart, or share one: an end that is included was read as one that is not, or the other way round. */
export const segmentOffByOne: Check = {
  code: 'segment-off-by-one', severity: 'warn', title: 'most segments of a track are one frame apart, or share one', about: 'clip',
  find: (subject) => exclusiveTracks.flatMap((track) => {
    const gaps = trackNeighbours(subject).filter(([{ track: name }]) => name === track).map(([before, segment]) => segment.start - before.end)
    const [apart, shared] = [gaps.filter((gap) => gap === 1).length, gaps.filter((gap) => gap === -1).length]
    if (gaps.length < LEAST_JUNCTIONS || Math.max(apart, shared) * 2 <= gaps.length) return []
    const what = apart > shared ? 'leave one frame between them' : 'share one frame'
    const flaw = labelFlaw({ start: null, end: null }, `${Math.max(apart, shared)} of ${gaps.length} neighbours on the track ${track} ${what}`)
    return [{ ...flaw, value: Math.max(apart, shared) / gaps.length, limit: 0.5 }]
  }),
}
