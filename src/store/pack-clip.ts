import type { Clip } from '../clip.ts'
import type { Hash } from '../hash.ts'
import { encodeRows, NULL_FLOAT, NULL_INTEGER, startEncoding, type Value } from './canonical.ts'
import { leafHash } from './merkle.ts'
import { columnsOf, type StoreSchema } from './schema.ts'

/** A clip as its rows in every table: what crosses threads (its one buffer is transferable) and what is hashed. */
export type PackedClip = {
  readonly id: string
  /** Frames x persons: rows in the table of frames, frame after frame. */
  readonly rows: number
  /** [columns, rows] of the 4-byte columns of frames, in schema order. */
  readonly words: Uint32Array
  /** Frame paths of the rows; null = none at all. */
  readonly framePaths: readonly string[] | null
  /** The row of clips, its hash last. */
  readonly clip: readonly Value[]
  readonly phases: readonly (readonly Value[])[]
  readonly files: readonly (readonly Value[])[]
  /** The logical hash: a Merkle leaf over every value above. docs/store-format.md has the encoding. */
  readonly hash: Hash
}

/** Lays a clip out in rows and hashes it. Raw coordinates are kept where the clip has them; NaN rests as null and -0 as 0. */
export function packClip(clip: Clip, schema: StoreSchema): PackedClip {
  const persons = Math.max(1, clip.persons)
  const rows = clip.frames * persons
  const words = packFrames(clip, schema, rows, persons)
  const framePaths = clip.framePaths === null ? null : Array.from({ length: rows }, (_, row) => clip.framePaths![Math.floor(row / persons)]!)
  const packed = { id: clip.id, rows, words, framePaths, clip: clipRow(clip), phases: phaseRows(clip), files: fileRows(clip) }
  const hash = hashPacked(packed, schema)
  return { ...packed, clip: [...packed.clip, hash], hash }
}

/** The logical hash of a clip's rows; `clip` without its hash. */
export function hashPacked(packed: Omit<PackedClip, 'hash'>, schema: StoreSchema): Hash {
  encodeRows(encoding, columnsOf('clips', schema).slice(0, -1), [packed.clip])
  const head = Uint8Array.from(encoding.bytes())
  encoding.u32(packed.framePaths === null ? 0 : packed.rows)
  for (const path of packed.framePaths ?? []) encoding.text(path)
  encodeRows(encoding, columnsOf('phases', schema).slice(1), packed.phases)
  encodeRows(encoding, columnsOf('files', schema).slice(1), packed.files)
  const { words } = packed
  return leafHash(head, new Uint8Array(words.buffer, words.byteOffset, words.byteLength), encoding.bytes())
}

const encoding = startEncoding()

function clipRow(clip: Clip): Value[] {
  const { action, officialSplit, view, subject, scene, camera, phases } = clip.labels
  return [clip.id, clip.dataset, clip.group, clip.skeleton, clip.fps, clip.width, clip.height, clip.frames, clip.persons, clip.joints, clip.dims, clip.source,
    action, officialSplit, view, subject, scene, camera, clip.flags, clip.keypoints !== null, clip.boxes !== null, phases !== null]
}

function phaseRows(clip: Clip): Value[][] {
  return (clip.labels.phases ?? []).map(({ start, end, label }, phase) => [phase, start, end, label])
}

function fileRows(clip: Clip): Value[][] {
  return clip.files.map(({ path, bytes, sha256 }) => [path, bytes, sha256])
}

/** Columns before those of the joints: frame, person, time and the box. */
export const HEAD_WORDS = 7

/** [columns, rows]: frame, person, time, the box (of person 0), then every joint. Hot loops: one column each. */
function packFrames(clip: Clip, { joints: { length: joints }, dims }: StoreSchema, rows: number, persons: number): Uint32Array {
  const words = new Uint32Array((HEAD_WORDS + joints * (dims + 2)) * rows)
  const floats = new Float32Array(words.buffer)
  const integers = new Int32Array(words.buffer)
  for (let row = 0; row < rows; row++) {
    const frame = Math.floor(row / persons)
    const person = row % persons
    integers[row] = frame
    integers[rows + row] = person
    floats[2 * rows + row] = clip.time[frame]!
    for (let side = 0; side < 4; side++) floats[(3 + side) * rows + row] = person === 0 && clip.boxes !== null ? clip.boxes[4 * frame + side]! : NaN
  }
  const { keypoints, states, raw } = clip
  settleFloats(words, floats, 2 * rows, HEAD_WORDS * rows)
  for (let joint = 0, at = HEAD_WORDS * rows; joint < joints; joint++, at += (dims + 2) * rows) {
    const state = at + (dims + 1) * rows
    if (keypoints === null || states === null) {
      words.fill(NULL_FLOAT, at, state)
      integers.fill(NULL_INTEGER, state, state + rows)
      continue
    }
    for (let axis = 0; axis < dims; axis++) {
      if (raw === null) takeColumn(keypoints, joint * (dims + 1) + axis, joints * (dims + 1), floats, at + axis * rows, rows)
      else takeColumn(raw, joint * dims + axis, joints * dims, floats, at + axis * rows, rows)
    }
    takeColumn(keypoints, joint * (dims + 1) + dims, joints * (dims + 1), floats, at + dims * rows, rows)
    settleFloats(words, floats, at, state)
    for (let row = 0; row < rows; row++) words[state + row] = states[row * joints + joint]!
  }
  return words
}

function takeColumn(from: Float32Array, start: number, stride: number, to: Float32Array, at: number, rows: number): void {
  for (let row = 0, cell = start; row < rows; row++, cell += stride) to[at + row] = from[cell]!
}

/** One NaN and one zero for all: equal values get equal bits. */
function settleFloats(words: Uint32Array, floats: Float32Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const value = floats[at]!
    if (value === 0) words[at] = 0
    else if (value !== value) words[at] = NULL_FLOAT
  }
}
