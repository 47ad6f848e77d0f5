import type { Clip } from '../clip.ts'
import { ToolkitError } from '../errors.ts'
import { filmOf } from '../film.ts'
import { type Hash, sha256 } from '../hash.ts'
import { encodeRows, NULL_FLOAT, NULL_INTEGER, startEncoding, type Value } from './canonical.ts'
import { leafHash } from './merkle.ts'
import { columnsOf, type Layout, type Precision, STEPS } from './schema.ts'

/** A clip as its rows in every table: what crosses threads (its one buffer is transferable) and what is hashed. */
export type PackedClip = {
  readonly id: string
  readonly layout: Layout
  readonly persons: number
  /** Frames x persons: rows in the table of frames, frame after frame. */
  readonly rows: number
  /** [columns, rows] of the 4-byte columns of frames, in schema order. */
  readonly words: Uint32Array
  /** The row of clips, its hash last. */
  readonly clip: readonly Value[]
  /** Rows of the tables that hang on a clip, without its id. */
  readonly tables: Readonly<Record<ClipTable, readonly (readonly Value[])[]>>
  /** The logical hash: a Merkle leaf over every value above. docs/store-format.md has the encoding. */
  readonly hash: Hash
}

/** The tables that hang on a clip, in the order in which they are hashed. */
export const clipTables = ['phases', 'segments', 'sides', 'files', 'cameras'] as const
export type ClipTable = (typeof clipTables)[number]

/** The layout of a clip's frames; `joints` are the names of its skeleton's. One without joints is called after its signals. */
export function layoutOf({ skeleton, dims, signals, unit }: Pick<Clip, 'skeleton' | 'dims' | 'signals' | 'unit'>, joints: readonly string[], precision: Precision = 'float32'): Layout {
  const names = signals?.names ?? []
  const name = skeleton !== null ? `${skeleton}-${dims}d` : names.length === 0 ? 'labels' : `signals-${sha256(JSON.stringify([dims, ...names])).slice(0, 8)}`
  const layout = { name, skeleton, joints: skeleton === null ? [] : joints, dims, signals: names }
  return skeleton === null || precision === 'float32' ? layout : { ...layout, name: `${name}-${unit}-int16`, step: STEPS[unit] }
}

/**
 * Lays a clip out in rows and hashes it. Raw coordinates are kept where the clip has them; NaN rests as null and -0 as 0. `joints` are the names of its skeleton's.
 * With the precision `int16` coordinates are rounded to whole steps before anything else is done. Throws E_COORDINATE_RANGE for one that lies too far out for that.
 */
export function packClip(clip: Clip, joints: readonly string[], precision: Precision = 'float32'): PackedClip {
  const persons = Math.max(1, clip.persons)
  const rows = clip.frames * persons
  const layout = layoutOf(clip, joints, precision)
  const tables = { phases: phaseRows(clip), segments: segmentRows(clip), sides: sideRows(clip), files: fileRows(clip), cameras: cameraRows(clip) }
  const packed = { id: clip.id, layout, persons, rows, words: packFrames(clip, layout, rows, persons), clip: clipRow(clip, layout), tables }
  const hash = hashPacked(packed)
  return { ...packed, clip: [...packed.clip, hash], hash }
}

/** The logical hash of a clip's rows; `clip` without its hash. */
export function hashPacked({ clip, words, tables }: Pick<PackedClip, 'clip' | 'words' | 'tables'>): Hash {
  encodeRows(encoding, columnsOf('clips').slice(0, -1), [clip])
  const head = Uint8Array.from(encoding.bytes())
  for (const table of clipTables) encodeRows(encoding, columnsOf(table).slice(1), tables[table])
  return leafHash(head, new Uint8Array(words.buffer, words.byteOffset, words.byteLength), encoding.bytes())
}

const encoding = startEncoding()

function clipRow(clip: Clip, layout: Layout): Value[] {
  const { action, officialSplit, view, subject, scene, camera, phases } = clip.labels
  return [clip.id, filmOf(clip.id), clip.dataset, clip.group, clip.skeleton, layout.name, clip.fps, clip.width, clip.height, clip.frames, clip.persons, clip.joints, clip.dims,
    clip.unit, clip.source, action, officialSplit, view, subject, scene, camera, clip.flags, clip.keypoints !== null, clip.boxes !== null, phases !== null]
}

function phaseRows({ labels }: Clip): Value[][] {
  return (labels.phases ?? []).map(({ start, end, label }, phase) => [phase, start, end, label])
}

function segmentRows({ labels }: Clip): Value[][] {
  const counts = new Map<string, number>()
  return labels.segments.map(({ track, start, end, label, number }) => {
    const segment = counts.get(track) ?? 0
    counts.set(track, segment + 1)
    return [track, segment, start, end, label, number]
  })
}

function sideRows({ labels }: Clip): Value[][] {
  return Object.entries(labels.sides).sort(([a], [b]) => (a < b ? -1 : 1))
}

function fileRows({ files }: Clip): Value[][] {
  return files.map(({ path, bytes, sha256, role, frame, place }) => [path, bytes, sha256, role, frame, place])
}

function cameraRows({ calibration }: Clip): Value[][] {
  if (calibration === null) return []
  const { fx, fy, cx, cy, width, height, distortion, rotation, translation, unit } = calibration
  const padded = (values: readonly number[] | null, count: number): Value[] => Array.from({ length: count }, (_, at) => values?.[at] ?? null)
  return [[fx, fy, cx, cy, width, height, ...padded(distortion, 5), ...padded(rotation, 9), ...padded(translation, 3), unit]]
}

/** Columns before those of the joints: frame, person, time and the box. */
export const HEAD_WORDS = 7

/** [columns, rows]: frame, person, time, the box (of person 0), then every joint, then the signals (of person 0). Hot loops: one column each. */
function packFrames(clip: Clip, { joints: { length: joints }, dims, signals, step }: Layout, rows: number, persons: number): Uint32Array {
  const words = new Uint32Array((HEAD_WORDS + joints * (dims + 2) + signals.length) * rows)
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
    if (step !== undefined) roundColumns(floats, at, at + dims * rows, { clip, step, rows, persons })
    takeColumn(keypoints, joint * (dims + 1) + dims, joints * (dims + 1), floats, at + dims * rows, rows)
    settleFloats(words, floats, at, state)
    for (let row = 0; row < rows; row++) words[state + row] = states[row * joints + joint]!
  }
  const at = (HEAD_WORDS + joints * (dims + 2)) * rows
  for (let signal = 0; signal < signals.length; signal++) {
    for (let row = 0; row < rows; row++) {
      floats[at + signal * rows + row] = row % persons === 0 ? clip.signals!.values[(row / persons) * signals.length + signal]! : NaN
    }
  }
  settleFloats(words, floats, at, words.length)
  return words
}

function takeColumn(from: Float32Array, start: number, stride: number, to: Float32Array, at: number, rows: number): void {
  for (let row = 0, cell = start; row < rows; row++, cell += stride) to[at + row] = from[cell]!
}

type Rounding = { readonly clip: Clip; readonly step: number; readonly rows: number; readonly persons: number }

const MOST_STEPS = 2 ** 15 - 1

/** To the nearest step, halves up; the step is a power of two, so nothing else is lost. */
function roundColumns(floats: Float32Array, start: number, end: number, { clip, step, rows, persons }: Rounding): void {
  for (let at = start; at < end; at++) {
    const steps = Math.round(floats[at]! / step)
    if (Math.abs(steps) > MOST_STEPS) {
      const frame = Math.floor(((at - start) % rows) / persons)
      throw new ToolkitError('E_COORDINATE_RANGE', `${clip.id} has a coordinate of ${floats[at]} ${clip.unit} in frame ${frame}; int16 reaches ${MOST_STEPS * step} ${clip.unit}`, {
        hint: 'ingest with --precision float32' })
    }
    floats[at] = steps * step
  }
}

/** One NaN and one zero for all: equal values get equal bits. */
function settleFloats(words: Uint32Array, floats: Float32Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const value = floats[at]!
    if (value === 0) words[at] = 0
    else if (value !== value) words[at] = NULL_FLOAT
  }
}
