import type { TrackSegment } from '../../../clip.ts'
import { verbOf } from './ikea-classes.ts'
import type { IkeaDatabase, IkeaVideo } from './ikea-database.ts'
import { type FrameLabels, runsOf } from './ikea-frame-labels.ts'

/** Track `action`: runs of one class, over every frame whose class is known. */
export function classTrack(labels: FrameLabels, classes: readonly string[]): TrackSegment[] {
  return runsOf(labels).map(({ start, end, number }) => ({ track: 'action', start, end, label: classes[number]!, number }))
}

/**
 * Every row of a film on three tracks, in order of start and end, then of id: `annotation` in the row's own words, `verb` and `object` by the names of its ids;
 * the nameless object makes no segment. Frames are the row's own but for an end beyond `frames`, which is cut there.
 */
export function annotationTracks({ rows }: IkeaVideo, frames: number, { actions, objects }: IkeaDatabase): TrackSegment[] {
  const inside = rows.filter(({ start }) => start < frames).map((row) => ({ ...row, end: Math.min(row.end, frames) }))
  const sorted = inside.sort((a, b) => a.start - b.start || a.end - b.end)
  const track = (name: string, of: (row: (typeof inside)[number]) => Pick<TrackSegment, 'label' | 'number'>): TrackSegment[] =>
    sorted.map((row) => ({ track: name, start: row.start, end: row.end, ...of(row) })).filter(({ label }) => label !== '')
  return [
    ...track('annotation', ({ actionText, objectText }) => ({ label: objectText === '' ? actionText : `${actionText} | ${objectText}`, number: null })),
    ...track('object', ({ object }) => ({ label: objects.get(object) ?? '', number: object })),
    ...track('verb', ({ action }) => ({ label: verbOf(actions.get(action) ?? ''), number: action })),
  ]
}
