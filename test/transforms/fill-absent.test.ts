import { describe, expect, test } from 'vitest'
import { ABSENT, type Clip, OBSERVED, OCCLUDED } from '../../src/clip.ts'
import { fillAbsent } from '../../src/transforms/fill-absent.ts'
import { drawnAt } from './always.ts'
import { exampleClip, skeleton } from './examples.ts'

const joints = skeleton.joints.length

/** The x of the first joint in each frame, y = 2 x, null = absent; the other joints are never there. */
function withFirst(xs: readonly (number | null)[], time: readonly number[] = xs.map((_, frame) => frame)): Clip {
  const clip = exampleClip({ frames: xs.length })
  const keypoints = Float32Array.from({ length: xs.length * joints * 3 }, (_, at) => (at % 3 === 2 ? 0 : NaN))
  const states = new Uint8Array(xs.length * joints).fill(ABSENT)
  for (const [frame, x] of xs.entries()) {
    if (x === null) continue
    keypoints.set([x, 2 * x, 1], frame * joints * 3)
    states[frame * joints] = OBSERVED
  }
  return { ...clip, keypoints, states, time: Float32Array.from(time) }
}

const filled = (clip: Clip, confidence?: number): Clip => fillAbsent(confidence === undefined ? {} : { confidence })(clip, drawnAt(clip))
const firstOf = (clip: Clip) => Array.from({ length: clip.frames }, (_, frame) => [...clip.keypoints!.subarray(frame * joints * 3, frame * joints * 3 + 3)])

describe('an absent joint', () => {
  test('lies on the line between the frames around it, in time, and at the ends where the nearest does', () => {
    expect(firstOf(filled(withFirst([null, 10, null, null, 40, null])))).toEqual([[10, 20, 0.5], [10, 20, 1], [20, 40, 0.5], [30, 60, 0.5], [40, 80, 1], [40, 80, 0.5]])
    // a thinned view: from frame 0 to 10 of the recording, 2 is a fifth of the way
    expect(firstOf(filled(withFirst([0, null, 10], [0, 2, 10]), 0.25))[1]).toEqual([2, 4, 0.25])
    // one moment shown three times
    expect(firstOf(filled(withFirst([5, null, 7], [3, 3, 3])))[1]).toEqual([5, 10, 0.5])
  })
  test('counts as occluded then, and stays absent where no frame has it', () => {
    const { states } = filled(withFirst([1, null, 3]))
    expect([0, 1, 2].map((frame) => [...states!.subarray(frame * joints, frame * joints + 2)])).toEqual([[OBSERVED, ABSENT], [OCCLUDED, ABSENT], [OBSERVED, ABSENT]])
  })
  test('has a confidence above 0: else it would be located and absent at once', () => {
    expect(() => fillAbsent({ confidence: 0 })).toThrow(expect.objectContaining({ code: 'E_TRANSFORM_OPTION' }))
  })
})
