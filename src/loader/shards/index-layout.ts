import type { Clip } from '../../clip.ts'
import type { LabelName } from '../clip-source.ts'
import { labelNames } from '../clip-source.ts'

/** The columns of shards that are read clip by clip, in the order of their buffers in the index. */
export const LISTS = ['keypoints', 'states', 'time', 'boxes', 'signals', 'details'] as const

/** Text columns of the index: a code per clip into sorted names, -1 = none. */
export const codedNames = [...labelNames, 'unit', 'officialSplit'] as const
export type CodedName = (typeof codedNames)[number]

/** Which of a clip's lists are there: bits of `has`. */
export const HAS = { keypoints: 1, boxes: 2, signals: 4, fps: 8 } as const

/**
 * The sections of the index. Per clip, in order of id: its frames, size, ...; `batch` = which record batch, counted through all shards, `place` = which row of it.
 * Where there are pictures: which of them, counted through all shards, are a clip's film's, and for each its frame, shard, place and sha256.
 * Per batch: `shard`, where its block begins and how long it is, its first clip counted through all batches, sha256 (32 bytes) and `buffers` (two per LISTS).
 */
export const numericSections = {
  frames: Int32Array, width: Int32Array, height: Int32Array, persons: Int32Array, joints: Int32Array, dims: Uint8Array, has: Uint8Array, fps: Float64Array,
  batch: Uint32Array, place: Uint8Array,
  'pictures.start': Uint32Array, 'pictures.end': Uint32Array,
  'picture.frame': Int32Array, 'picture.shard': Uint32Array, 'picture.start': Float64Array, 'picture.bytes': Uint32Array, 'picture.sha256': Uint8Array,
  'batch.shard': Uint32Array, 'batch.start': Float64Array, 'batch.bytes': Uint32Array, 'batch.first': Uint32Array, 'batch.sha256': Uint8Array, 'batch.buffers': Uint32Array,
} as const
export type NumericSection = keyof typeof numericSections

/** What a clip is called in a text column. */
export function codedText(clip: Clip, name: CodedName): string | null {
  return name in clip ? clip[name as keyof Clip & (LabelName | 'unit')] : clip.labels[name as keyof Clip['labels'] & CodedName]
}
