import type { Clip } from '../clip.ts'
import type { PhaseEntry } from '../catalog.ts'
import { namedPhases } from '../eval/phase-names.ts'

/** Per-frame labels [T] by their track; null = no label. Of overlapping segments of one track the later one counts. */
export type LabelTracks = ReadonlyMap<string, readonly (string | null)[]>

/** The phases of a clip as one track `phase`, or the segments of each of its tracks; empty when it has none. */
export function labelTracks(clip: Clip, what: 'phases' | 'segments', known: readonly PhaseEntry[]): LabelTracks {
  if (what === 'phases') {
    const found = namedPhases(clip, known)
    return new Map(found === null ? [] : [['phase', Array.from(found.phases, (phase) => found.names[phase]!)]])
  }
  const tracks = new Map<string, (string | null)[]>()
  for (const { track, start, end, label } of clip.labels.segments) {
    const labels = tracks.get(track) ?? Array<string | null>(clip.frames).fill(null)
    tracks.set(track, labels.fill(label, start, end))
  }
  return tracks
}
