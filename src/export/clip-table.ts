import type { Clip } from '../clip.ts'
import type { Value } from '../store/canonical.ts'
import type { Grid, NestedData } from '../store/nested-vectors.ts'
import type { Column, ColumnType } from '../store/schema.ts'
import type { Table } from '../store/write-parquet.ts'
import type { OutgoingClip } from './format.ts'

/** A column of single values, or of lists of text. */
type Cell = { readonly name: string; readonly type: ColumnType; readonly of: (outgoing: OutgoingClip) => Value }
/** A column of lists; `feature` as a dataset card of Hugging Face writes its type. */
type Lists = { readonly name: string; readonly feature: object; readonly of: (clips: readonly Clip[]) => NestedData }

const dtypes: Readonly<Record<ColumnType, object>> = {
  text: { dtype: 'string' }, texts: { sequence: 'string' }, integer: { dtype: 'int32' }, long: { dtype: 'int64' }, float: { dtype: 'float32' },
  double: { dtype: 'float64' }, boolean: { dtype: 'bool' },
}

/** What is said about a clip as a whole, in the order of the columns. */
const cells: readonly Cell[] = [
  { name: 'clip_id', type: 'text', of: ({ clip }) => clip.id },
  { name: 'dataset', type: 'text', of: ({ clip }) => clip.dataset },
  { name: 'group', type: 'text', of: ({ clip }) => clip.group },
  { name: 'label', type: 'long', of: ({ label }) => label },
  { name: 'action', type: 'text', of: ({ clip }) => clip.labels.action },
  { name: 'official_split', type: 'text', of: ({ clip }) => clip.labels.officialSplit },
  { name: 'view', type: 'text', of: ({ clip }) => clip.labels.view },
  { name: 'subject', type: 'text', of: ({ clip }) => clip.labels.subject },
  { name: 'scene', type: 'text', of: ({ clip }) => clip.labels.scene },
  { name: 'camera', type: 'text', of: ({ clip }) => clip.labels.camera },
  { name: 'skeleton', type: 'text', of: ({ clip }) => clip.skeleton },
  { name: 'joints', type: 'texts', of: ({ skeleton }) => skeleton?.joints ?? [] },
  { name: 'source', type: 'text', of: ({ clip }) => clip.source },
  { name: 'unit', type: 'text', of: ({ clip }) => clip.unit },
  { name: 'fps', type: 'double', of: ({ clip }) => clip.fps },
  { name: 'width', type: 'integer', of: ({ clip }) => clip.width },
  { name: 'height', type: 'integer', of: ({ clip }) => clip.height },
  { name: 'frames', type: 'integer', of: ({ clip }) => clip.frames },
  { name: 'persons', type: 'integer', of: ({ clip }) => clip.persons },
  { name: 'flags', type: 'texts', of: ({ clip }) => clip.flags },
]

const lists: readonly Lists[] = [
  records('phases', [['start', 'integer'], ['end', 'integer'], ['label', 'text']], ({ labels }) =>
    labels.phases?.map(({ start, end, label }) => [start, end, label]) ?? null),
  records('segments', [['track', 'text'], ['start', 'integer'], ['end', 'integer'], ['label', 'text'], ['number', 'integer']], ({ labels }) =>
    labels.segments.map(({ track, start, end, label, number }) => [track, start, end, label, number])),
  records('sides', [['split', 'text'], ['side', 'text']], ({ labels }) => Object.entries(labels.sides).sort(([a], [b]) => (a < b ? -1 : 1))),
  grids('boxes', 2, ({ boxes, frames }) => (boxes === null ? null : { shape: [frames, 4], values: boxes })),
  grids('keypoints', 4, (clip) => (clip.keypoints === null ? null : { shape: [...shapeOf(clip), clip.dims], values: axesOf(clip, 0, clip.dims) })),
  grids('confidence', 3, (clip) => (clip.keypoints === null ? null : { shape: shapeOf(clip), values: axesOf(clip, clip.dims, clip.dims + 1) })),
  {
    name: 'state', feature: nested(3, 'uint8'),
    of: (clips) => ({ kind: 'bytes', depth: 3, rows: clips.map((clip) => (clip.states === null ? null : { shape: shapeOf(clip), values: clip.states })) }),
  },
]

/** Clips as rows: what is said about each, then its lists, [frames][persons][joints][axes] for joints; absent ones are NaN. */
export function clipTable(rows: readonly OutgoingClip[]): Table {
  const clips = rows.map(({ clip }) => clip)
  return {
    columns: [...cells.map(({ name, type }) => ({ name, type })), ...lists.map(({ name }) => ({ name, type: 'nested' as const }))],
    data: [...cells.map(({ type, of }) => ({ kind: 'values' as const, type, values: rows.map(of) })), ...lists.map(({ of }) => of(clips))],
    rows: rows.length, metadata: { posetta: 'export 1' },
  }
}

/** The types of the columns as a dataset card writes them (`dataset_info.features`); `label` is a class of those names. */
export function clipFeatures(labels: readonly string[]): object[] {
  const classes = { dtype: { class_label: { names: Object.fromEntries(labels.map((label, number) => [String(number), label])) } } }
  return [
    ...cells.map(({ name, type }) => ({ name, ...(name === 'label' && labels.length > 0 ? classes : dtypes[type]) })),
    ...lists.map(({ name, feature }) => ({ name, ...feature })),
  ]
}

function records(name: string, fields: readonly (readonly [string, 'text' | 'integer'])[], of: (clip: Clip) => readonly (readonly Value[])[] | null): Lists {
  const columns: Column[] = fields.map(([name, type]) => ({ name, type }))
  const feature = { list: columns.map(({ name, type }) => ({ name, ...dtypes[type] })) }
  return { name, feature, of: (clips) => ({ kind: 'records', fields: columns, rows: clips.map(of) }) }
}

function grids(name: string, depth: number, of: (clip: Clip) => Grid | null): Lists {
  return { name, feature: nested(depth, 'float32'), of: (clips) => ({ kind: 'grids', depth, rows: clips.map(of) }) }
}

function nested(depth: number, dtype: string): object {
  return { sequence: depth === 1 ? dtype : nested(depth - 1, dtype) }
}

function shapeOf({ frames, persons, joints }: Clip): number[] {
  return [frames, Math.max(1, persons), joints]
}

/** Axes [start, end) of keypoints, of which `dims` is the confidence. */
function axesOf({ keypoints, dims }: Clip, start: number, end: number): Float32Array {
  const [stride, width] = [dims + 1, end - start]
  return Float32Array.from({ length: (keypoints!.length / stride) * width }, (_, at) => keypoints![Math.floor(at / width) * stride + start + (at % width)]!)
}
