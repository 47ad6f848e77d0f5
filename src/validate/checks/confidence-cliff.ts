import { ABSENT } from '../../clip.ts'
import type { Check } from '../check.ts'
import type { Body } from '../body.ts'
import { framesText, type Run } from '../runs.ts'

/** By how much the mean confidence of the located joints must fall or rise in one frame. */
const LIMIT = 0.3

/** The mean confidence of the located joints falls by more than 0.3 in one frame, until it rises as much again. */
export const confidenceCliff: Check = {
  code: 'confidence-cliff', severity: 'warn', title: 'the confidence of all joints falls at once', about: 'clip',
  find: ({ bodies }) => bodies.flatMap((body) => lows(body).map(({ value, ...run }) => ({
    person: body.person, ...run, joints: [], value, limit: LIMIT,
    message: `the mean confidence of the located joints is ${value.toFixed(2)} lower in ${framesText(run)} than beside them` }))),
}

/** Frames between a fall and the next rise, and those before a rise that no fall comes before. */
function lows(body: Body): (Run & { readonly value: number })[] {
  const means = Float64Array.from({ length: body.frames }, (_, frame) => meanConfidence(body, frame))
  const found: (Run & { readonly value: number })[] = []
  let open: { start: number; value: number } | null = null
  for (let frame = 1; frame < body.frames; frame++) {
    const change = means[frame]! - means[frame - 1]!
    if (change < -LIMIT) open ??= { start: frame, value: -change }
    if (change > LIMIT && (open !== null || found.length === 0)) {
      found.push({ start: 0, value: change, ...open, end: frame })
      open = null
    }
  }
  return open === null ? found : [...found, { ...open, end: body.frames }]
}

/** NaN when no joint is located. */
function meanConfidence({ confidences, states, frames, skeleton: { joints } }: Body, frame: number): number {
  let [sum, located] = [0, 0]
  for (let at = frame; at < joints.length * frames; at += frames) {
    if (states[at] === ABSENT) continue
    sum += confidences[at]!
    located++
  }
  return sum / located
}
