import type { Clip, ClipLabels } from '../clip.ts'
import type { Hash } from '../hash.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** What samples can be filtered, weighted, paired and balanced by. */
export const labelNames = ['dataset', 'group', 'skeleton', 'source', 'action', 'view', 'subject', 'scene', 'camera'] as const satisfies readonly (keyof Clip | keyof ClipLabels)[]

export type LabelName = (typeof labelNames)[number]

/** A label of every clip: the index into `names` (sorted), or -1 where a clip has none. */
export type LabelColumn = { readonly names: readonly string[]; readonly codes: Int32Array }

/** The clips a loader draws from, one row each, in order of id (by code unit). In columns, so that a million of them are some tens of MB. */
export type ClipTable = {
  readonly count: number
  id(row: number): string
  /** [count] frames of each clip. */
  readonly frames: Int32Array
  label(name: LabelName): LabelColumn
}

/** Where a loader's clips are: in memory, or in training shards. Reading is synchronous, so that it is as quick as memory where it can be. */
export type ClipSource = {
  /** Of the ids and of what the clips are: two sources with one hash give the same samples. */
  readonly hash: Hash
  readonly clips: ClipTable
  /** Where the arrays of `keypoints` may lie that kernels can read without a copy. */
  readonly memories: readonly KernelMemory[]
  /** The clip of a row. Its arrays may lie in shared memory and are never written to. Throws a ToolkitError for a row that cannot be read. */
  read(row: number): Clip
  /** px of a row's recorded frame, and what a frame of its joints is, as `read` has them. */
  shape(row: number): Pick<Clip, 'width' | 'height' | 'persons' | 'joints' | 'dims'>
  /** What a row's coordinates are measured in. */
  unit(row: number): Clip['unit']
  /** [end - first, M, J, dims + 1] of frames [first, end) of a row, null for labels only: as `read` has them, with nothing else made or read. Valid until the next call. */
  keypoints(row: number, first: number, end: number): Float32Array | null
  /** Called when a batch is made: throws E_SHARD_DAMAGED where a file was changed, so that what was read since the last call may be wrong. Without it nothing can be. */
  confirm?(): void
  close(): void
}
