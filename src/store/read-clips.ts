import { join } from 'node:path'
import type { Clip, Segment, SourceRef } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { NULL_FLOAT, NULL_INTEGER, type Value } from './canonical.ts'
import { type Duck, withDuck } from './duckdb.ts'
import { datasetFolder, type Manifest, readManifest, type ShardRef } from './manifest.ts'
import type { PackedClip } from './pack-clip.ts'
import { type ParquetSource, readRows, scanWords } from './read-parquet.ts'
import { columnsOf, type StoreSchema, type TableName, wordColumns } from './schema.ts'
import { byId, shardOf } from './shards.ts'
import { unpackFrames, unpackKeypoints, unpackRaw } from './unpack-clip.ts'

/**
 * Clips of a data set, sorted by id: all of them, or those named. Coordinates come back bit for bit, absent joints NaN; `raw` is null unless asked for.
 * Throws E_CLIP_UNKNOWN for an id the store does not hold.
 */
export async function readClips(storeDir: string, dataset: string, ids?: readonly string[], { raw = false } = {}): Promise<Clip[]> {
  const manifest = await readManifest(storeDir, dataset)
  const shards = ids === undefined ? manifest.shards : shardsOf(manifest, ids)
  const wanted = ids === undefined ? null : new Set(ids)
  // whole shards are read and the rest dropped: DuckDB answers `IN (many ids)` by a join, and a join keeps no order of rows
  const read = await withDuck((duck) => readPacked(duck, datasetFolder(storeDir, dataset), manifest.schema, shards))
  const packed = wanted === null ? read : read.filter(({ id }) => wanted.has(id))
  if (ids !== undefined) checkFound(ids, packed)
  return packed.map((clip) => toClip(clip, manifest.schema, raw)).sort(byId)
}

/** Rows of clips as they rest, shard after shard; `hash` is the one written beside them. */
export async function readPacked(duck: Duck, folder: string, schema: StoreSchema, shards: readonly ShardRef[]): Promise<PackedClip[]> {
  const refs = shards.flatMap((shard) => shard.files)
  const files = (table: TableName): string[] => refs.filter((ref) => ref.table === table).map(({ file }) => join(folder, 'shards', file))
  const clips = await readRows(duck, { files: files('clips') }, columnsOf('clips', schema))
  const phases = byClip(await readRows(duck, { files: files('phases') }, columnsOf('phases', schema)))
  const sources = byClip(await readRows(duck, { files: files('files') }, columnsOf('files', schema)))
  const paths = byClip(await readRows(duck, { files: files('frames'), where: 'frame_path IS NOT NULL' }, pathColumns))
  const shapes = clips.map((clip) => ({ id: String(clip[0]), frames: Number(clip[7]), persons: Math.max(1, Number(clip[8])) }))
  const words = await readWords(duck, { files: files('frames') }, schema, shapes)
  return shapes.map(({ id, frames, persons }, index) => ({
    id, rows: frames * persons, words: words[index]!, framePaths: paths.get(id)?.map(([path]) => String(path)) ?? null,
    clip: clips[index]!, phases: phases.get(id) ?? [], files: sources.get(id) ?? [], hash: String(clips[index]!.at(-1)),
  }))
}

const pathColumns = [{ name: 'clip_id', type: 'text' }, { name: 'frame_path', type: 'text' }] as const
type Shape = { readonly id: string; readonly frames: number; readonly persons: number }

/** The words of each clip, [columns, rows]: rows come in order of clip, and a clip's size says where the next begins. */
async function readWords(duck: Duck, source: ParquetSource, schema: StoreSchema, shapes: readonly Shape[]): Promise<Uint32Array[]> {
  const columns = wordColumns(schema)
  const nulls = columns.map(({ type }) => (type === 'float' ? NULL_FLOAT : NULL_INTEGER >>> 0))
  const clips = shapes.map(({ frames, persons }) => new Uint32Array(columns.length * frames * persons))
  let [clip, row] = [0, 0]
  for await (const chunk of scanWords(duck, source, columns, nulls)) {
    for (let at = 0; at < chunk.rows;) {
      if (clip === clips.length) throw new Error('the table of frames has rows of no clip')
      const rows = shapes[clip]!.frames * shapes[clip]!.persons
      const count = Math.min(rows - row, chunk.rows - at)
      chunk.words.forEach((words, column) => clips[clip]!.set(words.subarray(at, at + count), column * rows + row))
      at += count
      row += count
      if (row === rows) [clip, row] = [clip + 1, 0]
    }
  }
  if (clip !== clips.length) throw new Error('the table of frames lacks rows')
  shapes.forEach((shape, index) => checkOrder(shape, clips[index]!))
  return clips
}

/** Frame and person say where a row belongs: rows that came in another order are not given out. */
function checkOrder({ id, frames, persons }: Shape, words: Uint32Array): void {
  const rows = frames * persons
  for (let row = 0; row < rows; row++) {
    if (words[row] !== Math.floor(row / persons) || words[rows + row] !== row % persons) throw new Error(`frames of ${id} are not in order`)
  }
}

function byClip(rows: readonly (readonly Value[])[]): Map<string, Value[][]> {
  const clips = new Map<string, Value[][]>()
  for (const [id, ...row] of rows) {
    const members = clips.get(String(id))
    if (members === undefined) clips.set(String(id), [row])
    else members.push(row)
  }
  return clips
}

function toClip(packed: PackedClip, schema: StoreSchema, withRaw: boolean): Clip {
  const [id, dataset, group, skeleton, fps, width, height, frames, persons, joints, dims, source, action, officialSplit, view, subject, scene, camera, flags,
    hasKeypoints, hasBoxes, hasPhases] = packed.clip as [string, string, string, string, number | null, number, number, number, number, number, 2 | 3, string,
    string | null, 'train' | 'test' | null, string | null, string | null, string | null, string | null, string[], boolean, boolean, boolean]
  const { time, boxes } = unpackFrames(packed, frames)
  const { keypoints, states } = hasKeypoints ? unpackKeypoints(packed, schema) : { keypoints: null, states: null }
  return {
    id, dataset, group, skeleton, fps, width, height, frames, persons, joints, dims, source,
    keypoints, states, raw: withRaw && hasKeypoints ? unpackRaw(packed, schema) : null, time, boxes: hasBoxes ? boxes : null,
    framePaths: packed.framePaths === null ? null : packed.framePaths.filter((_, row) => row % (packed.rows / frames) === 0),
    labels: { action, officialSplit, view, subject, scene, camera, phases: hasPhases ? packed.phases.map(toSegment) : null },
    flags, files: packed.files.map(toSource),
  }
}

function toSegment([, start, end, label]: readonly Value[]): Segment {
  return { start: Number(start), end: Number(end), label: String(label) }
}

function toSource([path, bytes, sha256]: readonly Value[]): SourceRef {
  return { path: String(path), bytes: Number(bytes), sha256: String(sha256) }
}

function shardsOf({ shards, shardBits }: Manifest, ids: readonly string[]): ShardRef[] {
  const wanted = new Set(ids.map((id) => shardOf(id, shardBits)))
  return shards.filter(({ shard }) => wanted.has(shard))
}

function checkFound(ids: readonly string[], found: readonly PackedClip[]): void {
  const known = new Set(found.map(({ id }) => id))
  const missing = ids.find((id) => !known.has(id))
  if (missing === undefined) return
  throw new ToolkitError('E_CLIP_UNKNOWN', `no clip "${missing}" in the store`, { hint: 'posetta sql "select id from clips order by id"' })
}
