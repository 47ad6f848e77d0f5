import type { Check } from '../check.ts'
import { labelFlaw } from './label-flaw.ts'
import { exclusiveTracks, segmentText, trackNeighbours } from './track-neighbours.ts'

/** Two segments of an exclusive track, or two of one label on any track, share frames. */
export const segmentOverlap: Check = {
  code: 'segment-overlap', severity: 'warn', title: 'segments of an exclusive track, or of one label, share frames', about: 'clip',
  find: (subject) => trackNeighbours(subject).flatMap(([before, segment]) => {
    if (segment.start >= before.end || !(exclusiveTracks.includes(segment.track) || segment.label === before.label)) return []
    const shared = { start: segment.start, end: Math.min(before.end, segment.end) }
    return [labelFlaw(shared, `${segmentText(segment)} begins before ${segmentText(before)} has ended`)]
  }),
}
