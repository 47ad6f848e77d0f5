import type { Check } from '../check.ts'
import { isBeyond, labelFlaw } from './label-flaw.ts'
import { segmentText } from './track-neighbours.ts'

/** A segment reaches beyond the clip, or has no frame. */
export const segmentBeyondClip: Check = {
  code: 'segment-beyond-clip', severity: 'error', title: 'a segment is not within the clip', about: 'clip',
  find: ({ clip: { labels, frames } }) => labels.segments.filter((segment) => isBeyond(segment, frames) || segment.start === segment.end)
    .map((segment) => labelFlaw(segment, `${segmentText(segment)} is not within the clip's frames 0 to ${frames - 1}`)),
}
