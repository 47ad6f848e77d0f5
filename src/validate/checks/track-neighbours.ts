import type { TrackSegment } from '../../clip.ts'
import type { Subject } from '../check.ts'

/** Tracks on which a frame has one label; the others may overlap by their meaning: rows of a database, verbs and objects side by side. */
export const exclusiveTracks: readonly string[] = ['action', 'action-frames']

/** Segments beside the one before them on their track, in order of start. */
export function trackNeighbours({ clip: { labels: { segments } } }: Subject): [before: TrackSegment, segment: TrackSegment][] {
  return [...new Set(segments.map(({ track }) => track))].flatMap((track) => {
    const sorted = segments.filter((segment) => segment.track === track).sort((a, b) => a.start - b.start || a.end - b.end)
    return sorted.slice(1).map((segment, at): [TrackSegment, TrackSegment] => [sorted[at]!, segment])
  })
}

/** A segment as people read it: `action "grab book" [0, 12)`. */
export function segmentText({ track, label, start, end }: TrackSegment): string {
  return `${track} "${label}" [${start}, ${end})`
}
