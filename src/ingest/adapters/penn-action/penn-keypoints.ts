import { ABSENT, type Clip, OBSERVED, OCCLUDED } from '../../../clip.ts'
import type { PennLabel } from './penn-label.ts'

type Keypoints = Pick<Clip, 'keypoints' | 'states' | 'raw' | 'boxes' | 'flags'>

/** Where the annotation tool parked joints that nobody placed: invisible, and both coordinates at most this many px. No visible joint lies there. */
const CORNER = 2

/**
 * Keypoints, states and boxes of the first `frames` frames, and the flags of the quirks among them. Confidence: observed 1, occluded 0.5, absent 0.
 * Nothing is repaired: visible joints outside the image and boxes turned inside out stay as they are, and are flagged.
 */
export function pennKeypoints(label: PennLabel, frames: number): Keypoints {
  const { x: xs, y: ys, isVisible: visible, width, height } = label
  const joints = xs.length / label.frames
  const keypoints = new Float32Array(frames * joints * 3)
  const raw = new Float32Array(frames * joints * 2)
  const states = new Uint8Array(frames * joints)
  const observed = new Uint16Array(frames)
  let outside = false
  for (let joint = 0, cell = 0; joint < joints; joint++) {
    cell = joint * label.frames
    for (let frame = 0; frame < frames; frame++, cell++) {
      const x = xs[cell]!
      const y = ys[cell]!
      const isVisible = visible[cell] === 1
      const state = isVisible ? OBSERVED : x <= CORNER && y <= CORNER ? ABSENT : OCCLUDED
      const at = frame * joints + joint
      states[at] = state
      raw[at * 2] = x
      raw[at * 2 + 1] = y
      keypoints[at * 3] = state === ABSENT ? NaN : x
      keypoints[at * 3 + 1] = state === ABSENT ? NaN : y
      keypoints[at * 3 + 2] = state === OBSERVED ? 1 : state === OCCLUDED ? 0.5 : 0
      if (isVisible) {
        observed[frame]!++
        outside ||= x < 0 || y < 0 || x > width || y > height
      }
    }
  }
  const { boxes, isMissing, isDegenerate } = pennBoxes(label, frames)
  const flags = [
    ...(isMissing ? ['box-missing-last-frame'] : []),
    ...(isDegenerate ? ['degenerate-box'] : []),
    ...(observed.includes(0) ? ['frames-without-observed-joint'] : []),
    ...(outside ? ['joints-outside-image'] : []),
    ...(observed.every((count) => count === 0) ? ['no-observed-joint'] : []),
    ...(label.hasNumericVisibility ? ['visibility-not-logical'] : []),
  ]
  return { keypoints, states, raw, boxes, flags }
}

/** Boxes [T, 4]; the last frame's is NaN where the label file stops one row early. */
function pennBoxes(label: PennLabel, frames: number): { boxes: Float32Array; isMissing: boolean; isDegenerate: boolean } {
  const rows = Math.min(frames, label.boxRows)
  const boxes = new Float32Array(frames * 4).fill(NaN)
  let isDegenerate = false
  for (let frame = 0; frame < rows; frame++) {
    for (let side = 0; side < 4; side++) boxes[frame * 4 + side] = label.boxes[side * label.boxRows + frame]!
    isDegenerate ||= boxes[frame * 4 + 2]! <= boxes[frame * 4]! || boxes[frame * 4 + 3]! <= boxes[frame * 4 + 1]!
  }
  return { boxes, isMissing: rows < frames, isDegenerate }
}
