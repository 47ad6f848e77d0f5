import type { DatasetEntry } from '../../../catalog.ts'
import type { Clip, Quarantined, SourceRef, TrackSegment } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext } from '../../adapter.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { clipFields, type ClipFields, type ClipValues, noteValue, type Size } from './table-clip-values.ts'
import type { SegmentRow } from './table-labels.ts'
import type { OwnFacts } from './table-plan.ts'
import type { Poses, PoseSpace } from './table-poses.ts'
import { setAside } from './table-set-aside.ts'
import { hashFile } from '../../large-file.ts'

/** The track whose segments are the clip's phases. */
const PHASE = 'phase'

/** A clip under way: its id, what is known of it by its plan, and what its pose files said. */
type OwnClip = { readonly id: string; readonly facts: OwnFacts; readonly values: ClipValues; readonly size: Size }

/** Fields of a clip out of what its pose files, their paths and the table of labels say, which must agree. Throws E_CLIP_VALUE, E_CLIP_SIDE, E_CLIP_SIZE. */
export function settleFields(entry: DatasetEntry, { id, facts, values, size }: OwnClip): ClipFields {
  for (const { key, value, path } of facts.named) noteValue(values, key, { value, where: `the path ${path}` })
  for (const { values: row, place } of facts.labels) {
    for (const [key, value] of row) noteValue(values, key, { value, where: `${place} of ${entry.layout!.labels!.file}` })
  }
  return clipFields(entry, id, values, size)
}

type Rest = Pick<PoseSpace, 'dims' | 'arePersonsNamed' | 'seen'>

/** What the coordinates of a clip count. */
export function poseSpace({ layout, skeleton }: DatasetEntry, { width, height }: Pick<Clip, 'width' | 'height'>, rest: Rest): PoseSpace {
  const { unit, firstFrame } = layout!
  return {
    ...rest, joints: skeleton.rawJoints, firstFrame, size: unit === 'px' || unit === 'normalised' ? { width, height } : null,
    scale: unit === 'normalised' ? [width, height, width] : [1, 1, 1],
  }
}

type Place = Pick<AdapterContext, 'entry' | 'raw' | 'fps'>
type ReadClip = { readonly poses: Poses; readonly fields: ClipFields; readonly boxes?: Float32Array | null; readonly files: readonly SourceRef[] }
type SettledClip = { readonly clip: Clip; readonly quarantined: readonly Quarantined[] }

/** The clip of poses and fields with its segments; where those of its table do not fit, they are set aside and the clip is flagged. */
export function settleClip({ entry, raw, fps }: Place, { id, facts }: Pick<OwnClip, 'id' | 'facts'>, read: ReadClip): SettledClip {
  const { poses, fields, boxes = null, files } = read
  const { segments: persons, flags, ...keypoints } = poses
  const { unit } = entry.layout!
  const { phases, segments, quarantined } = settleSegments(entry, raw, facts, poses.frames)
  const clip = {
    id, dataset: entry.name, skeleton: entry.skeleton.name, source: entry.source, unit: unit === 'normalised' ? 'px' as const : unit,
    ...keypoints, ...fields, fps: fps ?? fields.fps,
    time: new Float32Array(poses.frames).map((_, frame) => frame),
    boxes, signals: null, calibration: null,
    labels: { ...fields.labels, phases, segments: [...persons, ...segments].sort(inOrder) },
    flags: [
      ...flags,
      ...(entry.layout!.labels !== null && facts.labels.length === 0 ? ['labels-missing'] : []),
      ...(unit === 'normalised' ? ['scaled-from-normalised'] : []),
      ...(quarantined.length > 0 ? ['segments-unreadable'] : []),
    ].sort(),
    files: [...files, ...tableSources(entry, raw, facts)],
  }
  return { clip, quarantined }
}

function tableSources({ layout }: DatasetEntry, raw: RawFolder, { labels, segments }: OwnFacts): SourceRef[] {
  const tables = [{ table: layout!.labels, rows: labels }, { table: layout!.segments, rows: segments }]
  return tables.flatMap(({ table, rows: [row] }) => {
    return table === null || row === undefined ? [] : [{ ...hashFile(raw, table.file), role: 'annotations' as const, frame: null, place: row.place }]
  })
}

type Settled = Pick<Clip['labels'], 'phases' | 'segments'> & { readonly quarantined: readonly Quarantined[] }

function settleSegments({ layout }: DatasetEntry, raw: RawFolder, { clip, segments: rows }: OwnFacts, frames: number): Settled {
  const sorted = [...rows].sort((a, b) => a.start - b.start || a.end - b.end)
  const phases = sorted.filter(({ track }) => track === PHASE)
  try {
    for (const { start, end, label, place } of sorted) {
      if (end <= frames) continue
      throw new ToolkitError('E_TABLE_SEGMENT',
        `${place}: "${label}" covers the frames ${start} to ${end - 1}, counted from 0, and the clip has ${frames} frames`)
    }
    checkPhases(phases, frames)
  } catch (error) {
    return { phases: null, segments: [], quarantined: [setAside(raw, error, { path: layout!.segments!.file, part: clip })] }
  }
  return {
    phases: phases.length === 0 ? null : phases.map(({ start, end, label }) => ({ start, end, label })),
    segments: sorted.filter(({ track }) => track !== PHASE).map(({ track, start, end, label, number }) => ({ track, start, end, label, number })),
    quarantined: [],
  }
}

/** Phases cover the whole clip, one after the other: every frame has one. */
function checkPhases(phases: readonly SegmentRow[], frames: number): void {
  let covered = 0
  for (const { start, end, label, place } of phases) {
    if (start !== covered) {
      throw new ToolkitError('E_TABLE_PHASES',
        `${place}: the phase "${label}" starts at frame ${start}, counted from 0; phases cover each frame once, and ${covered} are covered before it`)
    }
    covered = end
  }
  if (phases.length === 0 || covered === frames) return
  throw new ToolkitError('E_TABLE_PHASES', `the phases end after ${covered} of ${frames} frames; phases cover each frame once`)
}

function inOrder(a: TrackSegment, b: TrackSegment): number {
  return compare(a.track, b.track) || a.start - b.start || a.end - b.end || compare(a.label, b.label)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
