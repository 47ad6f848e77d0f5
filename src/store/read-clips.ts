import type { Camera } from '../camera.ts'
import type { Clip, Segment, SourceRef, SourceRole, TrackSegment } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import type { Side } from '../split.ts'
import type { Value } from './canonical.ts'
import { withDuck } from './duckdb.ts'
import { datasetFolder, type Manifest, type ShardRef } from './manifest.ts'
import type { PackedClip } from './pack-clip.ts'
import { readPacked } from './read-packed.ts'
import { readVersion } from './read-version.ts'
import { byId, shardOf } from './shards.ts'
import { unpackFrames, unpackKeypoints, unpackRaw, unpackSignals } from './unpack-clip.ts'

/**
 * Clips of a data set, sorted by id: all of them, or those named. Coordinates come back bit for bit, absent joints NaN; `raw` is null unless asked for;
 * `version` is the newest unless named. Throws E_CLIP_UNKNOWN for an id the store does not hold, and what `readVersion` throws.
 */
export async function readClips(storeDir: string, dataset: string, ids?: readonly string[], { raw = false, version }: { raw?: boolean; version?: string | undefined } = {}): Promise<Clip[]> {
  const manifest = await readVersion(storeDir, dataset, version)
  const shards = ids === undefined ? manifest.shards : shardsOf(manifest, ids)
  const wanted = ids === undefined ? null : new Set(ids)
  // whole shards are read and the rest dropped: DuckDB answers `IN (many ids)` by a join, and a join keeps no order of rows
  const read = await withDuck((duck) => readPacked(duck, datasetFolder(storeDir, dataset), manifest.schema.layouts, shards))
  const packed = wanted === null ? read : read.filter(({ id }) => wanted.has(id))
  if (ids !== undefined) checkFound(ids, packed)
  return packed.map((clip) => toClip(clip, raw)).sort(byId)
}

/** The clip that packed rows are; `raw` is null unless asked for. */
export function toClip(packed: PackedClip, withRaw: boolean): Clip {
  const [id, , dataset, group, skeleton, , fps, width, height, frames, persons, joints, dims, unit, source, action, officialSplit, view, subject, scene, camera, flags,
    hasKeypoints, hasBoxes, hasPhases] = packed.clip as [string, string, string, string, string | null, string, number | null, number, number, number, number, number,
    2 | 3, Clip['unit'], string, string | null, Side | null, string | null, string | null, string | null, string | null, string[], boolean, boolean, boolean]
  const { time, boxes } = unpackFrames(packed, frames)
  const { keypoints, states } = hasKeypoints ? unpackKeypoints(packed) : { keypoints: null, states: null }
  const { phases, segments, sides, files, cameras } = packed.tables
  return {
    id, dataset, group, skeleton, fps, width, height, frames, persons, joints, dims, unit, source,
    keypoints, states, raw: withRaw && hasKeypoints ? unpackRaw(packed) : null, time, boxes: hasBoxes ? boxes : null,
    signals: unpackSignals(packed, frames), calibration: cameras[0] === undefined ? null : toCamera(cameras[0]),
    labels: {
      action, officialSplit, sides: Object.fromEntries(sides.map(([split, side]) => [String(split), side as Side])), view, subject, scene, camera,
      phases: hasPhases ? phases.map(toSegment) : null, segments: segments.map(toTrackSegment),
    },
    flags, files: files.map(toSource),
  }
}

function toSegment([, start, end, label]: readonly Value[]): Segment {
  return { start: Number(start), end: Number(end), label: String(label) }
}

function toTrackSegment([track, , start, end, label, number]: readonly Value[]): TrackSegment {
  return { track: String(track), start: Number(start), end: Number(end), label: String(label), number: number === null ? null : Number(number) }
}

function toSource([path, bytes, sha256, role, frame, place]: readonly Value[]): SourceRef {
  return {
    path: String(path), bytes: Number(bytes), sha256: String(sha256), role: role as SourceRole,
    frame: frame === null ? null : Number(frame), place: place === null ? null : String(place),
  }
}

function toCamera(row: readonly Value[]): Camera {
  const [fx, fy, cx, cy, width, height] = row.slice(0, 6).map(Number) as [number, number, number, number, number, number]
  const numbers = (start: number, end: number): number[] => row.slice(start, end).filter((value) => value !== null).map(Number)
  const [rotation, translation] = [numbers(11, 20), numbers(20, 23)]
  return {
    fx, fy, cx, cy, width, height, distortion: numbers(6, 11), rotation: rotation.length === 0 ? null : rotation,
    translation: translation.length === 0 ? null : translation, unit: row[23] as Camera['unit'],
  }
}

function shardsOf({ shards, shardBits }: Manifest, ids: readonly string[]): ShardRef[] {
  const wanted = new Set(ids.map((id) => shardOf(id, shardBits)))
  return shards.filter(({ shard }) => wanted.has(shard))
}

function checkFound(ids: readonly string[], found: readonly PackedClip[]): void {
  const known = new Set(found.map(({ id }) => id))
  const missing = ids.find((id) => !known.has(id))
  if (missing !== undefined) throw unknownClip(missing)
}

/** The answer to an id that the store does not hold. */
export function unknownClip(id: string): ToolkitError {
  return new ToolkitError('E_CLIP_UNKNOWN', `no clip "${id}" in the store`, { hint: 'posetta sql "select id from clips order by id"' })
}
