import { ABSENT, type Clip, OBSERVED } from '../../../clip.ts'
import type { PosePerson } from './ikea-pose-file.ts'

export type IkeaKeypoints = Pick<Clip, 'persons' | 'keypoints' | 'states' | 'raw' | 'boxes'> & { readonly flags: readonly string[] }

/** What the scores of a source mean, and so how they become a confidence of 0..1. */
export type Scores = 'grades' | 'logits' | 'shares'

/**
 * People by frame, the worker first, as keypoints; frames that are not in `people` have no joint. A joint of zeros is absent, any other observed. Confidence:
 * `grades` 1, 2, 3 of annotators become thirds; `shares` are cut to 0..1 (flag `scores-clipped`); `logits` stay as they are as long as all of a clip lie in
 * 0..1, else all of it go through the logistic function (`scores-are-logits`). Boxes are the worker's; one of zeros is none.
 */
export function ikeaKeypoints(
  people: ReadonlyMap<number, readonly PosePerson[]>, shape: { frames: number; joints: number; dims: 2 | 3 }, scores: Scores,
): IkeaKeypoints {
  const { frames, joints, dims } = shape
  const persons = Math.max(1, ...[...people.values()].map(({ length }) => length))
  const keypoints = new Float32Array(frames * persons * joints * (dims + 1)).fill(NaN)
  const raw = new Float32Array(frames * persons * joints * dims).fill(NaN)
  const states = new Uint8Array(frames * persons * joints).fill(ABSENT)
  const hasBoxes = [...people.values()].some((found) => found.some(({ box }) => box !== null))
  const boxes = hasBoxes ? new Float32Array(frames * 4).fill(NaN) : null
  const range = { isBelow: false, isAbove: false, isEmpty: true }
  for (let at = dims; at < keypoints.length; at += dims + 1) keypoints[at] = 0
  for (const [frame, found] of people) {
    for (const [person, { numbers }] of found.entries()) {
      for (let joint = 0; joint < joints; joint++) {
        const at = (frame * persons + person) * joints + joint
        takeJoint(numbers, joint, dims, { keypoints, raw, states }, at)
        if (states[at] === ABSENT) continue
        const score = numbers[joint * (dims + 1) + dims]!
        range.isBelow ||= score < 0
        range.isAbove ||= score > 1
        range.isEmpty = false
      }
    }
    const box = found[0]?.box
    if (boxes !== null && box && box.some((side) => side !== 0)) boxes.set(box, frame * 4)
  }
  const isBeyond = range.isBelow || range.isAbove
  settle(keypoints, states, dims, scores, isBeyond)
  const beyond = scores === 'logits' ? 'scores-are-logits' : 'scores-clipped'
  const flags = [...(range.isEmpty ? ['no-observed-joint'] : []), ...(isBeyond && scores !== 'grades' ? [beyond] : [])]
  return { persons, keypoints, states, raw, boxes, flags }
}

type Cells = { readonly keypoints: Float32Array; readonly raw: Float32Array; readonly states: Uint8Array }

function takeJoint(numbers: readonly number[], joint: number, dims: number, into: Cells, at: number): void {
  const from = joint * (dims + 1)
  let isThere = numbers[from + dims] !== 0
  for (let axis = 0; axis < dims; axis++) {
    into.raw[at * dims + axis] = numbers[from + axis]!
    isThere ||= numbers[from + axis] !== 0
  }
  if (!isThere) return
  into.states[at] = OBSERVED
  for (let number = 0; number <= dims; number++) into.keypoints[at * (dims + 1) + number] = numbers[from + number]!
}

/** Turns the scores of a clip into confidences. */
function settle(keypoints: Float32Array, states: Uint8Array, dims: number, scores: Scores, isBeyond: boolean): void {
  for (let joint = 0; joint < states.length; joint++) {
    const at = joint * (dims + 1) + dims
    const score = keypoints[at]!
    if (states[joint] === ABSENT || (scores !== 'grades' && !isBeyond)) continue
    keypoints[at] = scores === 'grades' ? score / 3 : scores === 'logits' ? 1 / (1 + Math.exp(-score)) : Math.min(1, Math.max(0, score))
  }
}
