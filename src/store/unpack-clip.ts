import { ABSENT, type Signals } from '../clip.ts'
import { HEAD_WORDS, type PackedClip } from './pack-clip.ts'

type Words = Pick<PackedClip, 'words' | 'rows' | 'layout'>

/** Keypoints [T, M, J, dims + 1] and states [T, M, J] out of packed words: the way back of `packClip`, absent joints NaN. */
export function unpackKeypoints({ words, rows, layout: { joints: { length: joints }, dims } }: Words): { keypoints: Float32Array; states: Uint8Array } {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length)
  const keypoints = new Float32Array(rows * joints * (dims + 1))
  const states = new Uint8Array(rows * joints)
  for (let joint = 0, at = HEAD_WORDS * rows; joint < joints; joint++, at += (dims + 2) * rows) {
    for (let axis = 0; axis <= dims; axis++) putColumn(floats, at + axis * rows, rows, keypoints, joint * (dims + 1) + axis, joints * (dims + 1))
    for (let row = 0, cell = joint; row < rows; row++, cell += joints) {
      const state = words[at + (dims + 1) * rows + row]!
      states[cell] = state
      if (state === ABSENT) keypoints.fill(NaN, cell * (dims + 1), cell * (dims + 1) + dims)
    }
  }
  return { keypoints, states }
}

/** Raw coordinates [T, M, J, dims], those of absent joints included. */
export function unpackRaw({ words, rows, layout: { joints: { length: joints }, dims } }: Words): Float32Array {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length)
  const raw = new Float32Array(rows * joints * dims)
  for (let joint = 0, at = HEAD_WORDS * rows; joint < joints; joint++, at += (dims + 2) * rows) {
    for (let axis = 0; axis < dims; axis++) putColumn(floats, at + axis * rows, rows, raw, joint * dims + axis, joints * dims)
  }
  return raw
}

function putColumn(from: Float32Array, at: number, rows: number, to: Float32Array, start: number, stride: number): void {
  for (let row = 0, cell = start; row < rows; row++, cell += stride) to[cell] = from[at + row]!
}

/** time [T] and boxes [T, 4] out of packed words. */
export function unpackFrames({ words, rows }: Words, frames: number): { time: Float32Array; boxes: Float32Array } {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length)
  const time = new Float32Array(frames)
  const boxes = new Float32Array(4 * frames)
  for (let frame = 0, row = 0; frame < frames; frame++, row += rows / frames) {
    time[frame] = floats[2 * rows + row]!
    for (let side = 0; side < 4; side++) boxes[4 * frame + side] = floats[(3 + side) * rows + row]!
  }
  return { time, boxes }
}

/** Signals [T, names], NaN where there is no value; null when the layout has none. */
export function unpackSignals({ words, rows, layout: { joints, dims, signals } }: Words, frames: number): Signals | null {
  if (signals.length === 0) return null
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length)
  const values = new Float32Array(frames * signals.length)
  const start = (HEAD_WORDS + joints.length * (dims + 2)) * rows
  for (let signal = 0; signal < signals.length; signal++) {
    for (let frame = 0, at = start + signal * rows; frame < frames; frame++, at += rows / frames) values[frame * signals.length + signal] = floats[at]!
  }
  return { names: signals, values }
}
