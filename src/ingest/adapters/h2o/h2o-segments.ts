import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined, TrackSegment } from '../../../clip.ts'
import type { H2oFacts } from './h2o-discover.ts'
import type { H2oNumbers } from './h2o-files.ts'

/**
 * What happens when, in order of track and start: `action` (the lists), `action-frames` and `verb` (the files of every frame), `object` (the class in the files
 * of object poses) and `pose` (frames that the pose lists name).
 */
export function h2oSegments({ classes }: DatasetEntry, facts: Pick<H2oFacts, 'actions' | 'listed'>, { frames, series }: H2oNumbers): TrackSegment[] {
  const named = (track: string, kind: string, { start, end, number }: Run): TrackSegment =>
    ({ track, start, end: Math.min(end, frames), label: number === null ? 'unlabelled' : classes[kind]?.[number] ?? `class ${number}`, number })
  return [
    ...facts.actions.toSorted((a, b) => a.start - b.start || a.end - b.end).map((run) => named('action', 'action', run)),
    ...runsOf(series.action_label.values).map((run) => named('action-frames', 'action', run)),
    ...runsOf(series.obj_pose.values).map((run) => named('object', 'object', run)),
    ...facts.listed.map(({ start, end }) => ({ track: 'pose', start, end: Math.min(end, frames), label: 'listed', number: null })),
    ...runsOf(series.verb_label.values).map((run) => named('verb', 'verb', run)),
  ].filter(({ start, end }) => start < end)
}

type Run = { readonly start: number; end: number; readonly number: number | null }

/** Runs of frames whose files begin with one number; frames without a file are in none. */
function runsOf(values: readonly (Float64Array | null)[]): Run[] {
  const runs: Run[] = []
  for (const [frame, numbers] of values.entries()) {
    if (numbers === null) continue
    const last = runs.at(-1)
    if (last !== undefined && last.end === frame && last.number === numbers[0]!) last.end++
    else runs.push({ start: frame, end: frame + 1, number: numbers[0]! })
  }
  return runs
}

/**
 * Where the action list and the files of every frame say different things, as one entry of the quarantine: both are kept, on tracks of their own. null = they
 * agree, or the list has no labels. What no row of the list covers is background.
 */
export function disagreementOf({ sequence, folders, actions }: Pick<H2oFacts, 'sequence' | 'folders' | 'actions'>, { series }: H2oNumbers): Quarantined | null {
  if (!actions.some(({ number }) => number !== null)) return null
  const odd = series.action_label.values.flatMap((numbers, frame) => {
    const listed = actions.find(({ start, end }) => start <= frame && frame < end)?.number ?? 0
    return numbers === null || numbers[0] === listed ? [] : [{ frame, listed, found: numbers[0]! }]
  })
  const [first] = odd
  if (first === undefined) return null
  const where = odd.length === 1 ? `frame ${first.frame}` : `${odd.length} frames, first in ${first.frame}`
  return {
    source: folders.action_label!, code: 'E_H2O_DISAGREE', offset: null, sha256: null,
    message: `${sequence}: action_label and the action list disagree in ${where}: ${first.found}, listed ${first.listed}`,
    readmit: 'nothing is lost: the lists are the track action, the files the track action-frames' }
}
