import type { DatasetEntry } from '../../catalog.ts'
import type { Quarantined, TrackSegment } from '../../clip.ts'
import type { H2oFacts } from './h2o-discover.ts'
import type { H2oNumbers } from './h2o-files.ts'

/**
 * What happens when: tracks `action` (the lists), `action-frames` and `verb` (the files of every frame), `object` (the class in the files of object poses)
 * and `pose` (frames that the pose lists name); and where the lists and the files of every frame disagree.
 */
export function h2oSegments(entry: DatasetEntry, { actions, listed }: H2oFacts, { frames, values }: H2oNumbers): { segments: TrackSegment[]; disagreement: string | null } {
  const label = (track: string, number: number): string => entry.classes[track]?.[number] ?? `class ${number}`
  const runs = (track: string, track2: string, column: readonly (Float64Array | null)[]): TrackSegment[] =>
    runsOf(column.map((numbers) => numbers?.[0] ?? null)).map(({ start, end, number }) => ({ track, start, end, label: label(track2, number), number }))
  const named = actions.map(({ start, end, number }): TrackSegment =>
    ({ track: 'action', start, end: Math.min(end, frames), label: number === null ? 'unlabelled' : label('action', number), number }))
  const segments = [
    ...named.sort((a, b) => a.start - b.start),
    ...runs('action-frames', 'action', values.action_label),
    ...runs('object', 'object', values.obj_pose),
    ...(listed ?? []).map(({ start, end }): TrackSegment => ({ track: 'pose', start, end: Math.min(end, frames), label: 'listed', number: null })),
    ...runs('verb', 'verb', values.verb_label),
  ].filter(({ start, end }) => start < end)
  return { segments, disagreement: actions.some(({ number }) => number !== null) ? disagreementOf(named, values.action_label) : null }
}

/** Runs of frames with one number; frames without a number are in none. */
function runsOf(numbers: readonly (number | null)[]): { start: number; end: number; number: number }[] {
  const runs: { start: number; end: number; number: number }[] = []
  for (const [frame, number] of numbers.entries()) {
    const last = runs.at(-1)
    if (number === null) continue
    if (last !== undefined && last.end === frame && last.number === number) last.end++
    else runs.push({ start: frame, end: frame + 1, number })
  }
  return runs
}

function disagreementOf(actions: readonly TrackSegment[], column: readonly (Float64Array | null)[]): string | null {
  const odd = column.flatMap((numbers, frame) => {
    const listed = actions.find(({ start, end }) => start <= frame && frame < end)?.number ?? 0
    return numbers === null || numbers[0] === listed ? [] : [{ frame, listed, found: numbers[0]! }]
  })
  const [first] = odd
  return first === undefined ? null : `action_label and the action list disagree in ${odd.length} frames, first in ${first.frame}: ${first.found}, listed ${first.listed}`
}

/** A disagreement as an entry of the quarantine: both are kept, on tracks of their own. */
export function disagreementEntry(source: string, message: string): Quarantined {
  return { source, code: 'E_H2O_DISAGREE', message, offset: null, sha256: null, readmit: 'nothing is lost: the lists are the track action, the files the track action-frames' }
}
