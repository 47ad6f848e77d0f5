import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import { chainOf, type Step, type StepName } from '../../src/transforms/index.ts'
import { spaceSteps } from '../../src/transforms/space-steps.ts'
import { describeStep, stepNames } from '../../src/transforms/steps.ts'
import { timeSteps } from '../../src/transforms/time-steps.ts'
import { always, clips, drawnAt } from './always.ts'
import { absent, exampleClips, skeleton } from './examples.ts'

describe.each(stepNames.map((name) => [name, always(name)] as const))('%s', (_, transform) => {
  test('leaves its input as it was, and draws the same twice', () => {
    for (const clip of clips) {
      const before = structuredClone(clip)
      const made = transform(clip, drawnAt(clip))
      expect(clip).toEqual(before)
      expect(transform(clip, drawnAt(clip))).toEqual(made)
    }
  })

  test('gives arrays that fit its frames, persons and joints', () => {
    for (const clip of clips) {
      const { frames, keypoints, states, time, boxes, signals, persons, joints, dims } = transform(clip, drawnAt(clip))
      expect([keypoints!.length, states!.length, time.length, signals!.values.length])
        .toEqual([frames * persons * joints * (dims + 1), frames * persons * joints, frames, frames])
      expect(boxes === null ? dims : boxes.length).toBe(boxes === null ? 3 : frames * 4)
      expect(frames).toBeGreaterThan(0)
    }
  })

  test('has absent joints NaN, with confidence 0 and the state absent, and no others', () => {
    for (const clip of clips) {
      const made = transform(clip, drawnAt(clip))
      const gone = absent(made)
      expect(gone).toEqual(Array.from(made.states!, (state) => state === 2))
      gone.forEach((isGone, point) => expect(made.keypoints![point * (made.dims + 1) + made.dims] === 0).toBe(isGone))
    }
  })

  test('takes a clip of labels only, of one frame, and one without a located joint', () => {
    const clip = exampleClips[0]!
    const labelsOnly: Clip = { ...clip, keypoints: null, states: null, boxes: null, signals: null }
    expect(transform(labelsOnly, drawnAt(clip)).keypoints).toBeNull()
    const still = chainOf([{ name: 'resample', frames: 1 }], { skeleton, frames: 1 })(clip, drawnAt(clip))
    expect(transform(still, drawnAt(clip)).frames).toBeGreaterThan(0)
    const empty: Clip = { ...clip, keypoints: clip.keypoints!.map((_, at) => (at % 3 === 2 ? 0 : NaN)), states: new Uint8Array(clip.states!.length).fill(2) }
    expect(absent(transform(empty, drawnAt(clip))).every(Boolean)).toBe(true)
  })
})

test.each(Object.keys(spaceSteps).filter((name) => !['flip', 'fill-absent', 'drop-joints', 'joint-mask', 'person-swap', 'person-drop'].includes(name)) as StepName[])('%s keeps what is absent absent, and time', (name) => {
  for (const clip of clips) {
    const made = always(name)(clip, drawnAt(clip))
    expect(absent(made)).toEqual(absent(clip))
    expect([made.time, made.states, made.labels]).toEqual([clip.time, clip.states, clip.labels])
  }
})

test.each(['drop-joints', 'joint-mask', 'person-drop'] as const)('%s brings no joint back', (name) => {
  for (const clip of clips) {
    const gone = absent(always(name)(clip, drawnAt(clip)))
    expect(absent(clip).every((isGone, point) => !isGone || gone[point])).toBe(true)
  }
})

test.each(Object.keys(timeSteps) as StepName[])('%s: phases, segments and signals go with the frames', (name) => {
  for (const clip of clips) {
    const made = always(name)(clip, drawnAt(clip))
    const labelOf = (segments: readonly { start: number; end: number; label: string }[], frame: number) => segments.find(({ start, end }) => start <= frame && frame < end)?.label
    made.time.forEach((time, frame) => {
      const original = Math.floor(time + 0.5)
      expect(labelOf(made.labels.phases!, frame)).toBe(labelOf(clip.labels.phases!, original))
      expect(labelOf(made.labels.segments, frame)).toBe(labelOf(clip.labels.segments, original))
      expect(made.signals!.values[frame]).toBe(2 * original)
    })
    expect(made.labels.phases!.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(made.frames)
  }
})

const identities: readonly (readonly [string, Step])[] = [
  ['as many frames as there is room for', { name: 'resample' }],
  ['cut by nothing', { name: 'cut', share: 0 }],
  ['a window as long as the clip', { name: 'random-window', frames: 12 }],
  ['a tempo of 1', { name: 'tempo', factor: 1 }],
  ['speed up by nothing', { name: 'speed', share: 0 }],
  ['never mirrored', { name: 'flip', probability: 0 }],
  ['turned by 0 degrees', { name: 'rotate', degrees: 0 }],
  ['scaled by 1', { name: 'scale', low: 1, high: 1 }],
  ['shifted by 0', { name: 'translate', share: 0 }],
  ['noise of 0 boxes', { name: 'jitter', share: 0, probability: 1 }],
  ['no joint dropped', { name: 'drop-joints', share: 0, probability: 1 }],
  ['slow by nothing', { name: 'slow', share: 0 }],
  ['every frame without context', { name: 'stride-all', context: 1 }],
  ['all of a clip on as many frames', { name: 'crop-resize', low: 1, high: 1, frames: 12 }],
  ['one frame of each of as many segments', { name: 'segment-uniform', frames: 12, context: 1 }],
  ['one frame of each of as many segments, in order', { name: 'uniform-sample', frames: 12 }],
  ['their middles', { name: 'uniform-sample', frames: 12, choose: 'centre' }],
  ['all frames, from the first on', { name: 'offset-uniform', frames: 12, offset: 0, context: 1 }],
  ['a block as long as the clip', { name: 'time-augment', frames: 12, region: 1 }],
  ['never backwards', { name: 'temporal-flip', probability: 0 }],
  ['the whole frame', { name: 'resized-crop', low: 1, high: 1, ratio: 1 }],
  ['turned by 0', { name: 'random-rot', radians: 0 }],
  ['scaled by 1 along each axis', { name: 'random-scale', amount: 0 }],
  ['one person swapped', { name: 'person-swap', probability: 1 }],
  ['one person of one dropped', { name: 'person-drop', probability: 1 }],
  ['moved by nothing', { name: 'random-move', degrees: 0, factor: 0, share: 0 }],
  ['sheared by 0', { name: 'shear', amount: 0, probability: 1 }],
  ['bent by 0', { name: 'noise-angle', variance: 0, probability: 1 }],
  ['bent by noise that is not added', { name: 'noise-angle', applied: false, probability: 1 }],
  ['noise of 0 spines', { name: 'noise-translation', deviation: 0, probability: 1 }],
  ['blurred by 0 frames', { name: 'blur', low: 0, high: 0, probability: 1 }],
  ['blurred over a frame', { name: 'blur', radius: 0, probability: 1 }],
  ['no axis', { name: 'axis-mask', probability: 0 }],
  ['no joint kept in the centre', { name: 'subtract', probability: 0 }],
  ['no joint masked', { name: 'joint-mask', share: 0, probability: 1 }],
]

test.each(identities)('%s is the identity', (_, step) => {
  const clip: Clip = { ...exampleClips[1]!, width: 300, height: 300 }
  expect(clip.frames).toBe(12)
  const { placement: _placement, ...made } = chainOf([step], { skeleton, frames: 64 })(clip, drawnAt(clip))
  expect(made.keypoints).toBeAllclose(clip.keypoints, { atol: 5e-5, rtol: 0 })
  expect(made.boxes).toBeAllclose(clip.boxes, { atol: 5e-5, rtol: 0 })
  expect({ ...made, keypoints: null, boxes: null }).toEqual({ ...clip, keypoints: null, boxes: null })
})

/** They bring a clip to a form: twice is once. */
const forms: readonly (readonly [string, Step])[] = [
  ['a tight box', { name: 'crop', padding: 0 }],
  ['the first frame in the centre', { name: 'centre' }],
  ['every frame in the centre', { name: 'centre', at: 'each' }],
  ['normalised', { name: 'casa-normalise' }],
  ['filled', { name: 'fill-absent' }],
]

test.each(forms)('%s twice is %1$s once', (_, step) => {
  for (const clip of clips) {
    const [once, twice] = [[step], [step, step]].map((steps) => chainOf(steps, { skeleton, frames: 64 })(clip, drawnAt(clip)))
    expect(twice!.keypoints).toBeAllclose(once!.keypoints, { atol: 2e-3, rtol: 1e-5 })
    expect([twice!.width, twice!.height]).toBeAllclose([once!.width, once!.height], { rtol: 1e-4 })
  }
})

test('every step has options that leave a clip as it is, or a form that it leaves, but for frames shown twice', () => {
  expect([...new Set([...identities, ...forms].map(([, { name }]) => name)), 'anchors-and-positives'].sort()).toEqual([...stepNames].sort())
})

describe.each<[string, Step, number]>([
  ['backwards', { name: 'temporal-flip', probability: 1 }, 3], ['mirrored', { name: 'flip', probability: 1 }, 3], ['two persons swapped', { name: 'person-swap', probability: 1 }, 2],
])('%s twice is the identity', (_, step, most) => {
  test.each([['in one go', [step, step]], ['one after the other', [step, { name: 'cut', share: 0 }, step]]] as [string, Step[]][])('%s', (_, steps) => {
    for (const clip of clips.filter(({ persons }) => persons <= most)) {
      const { placement: _placement, ...twice } = chainOf(steps, { skeleton, frames: 64 })(clip, drawnAt(clip))
      expect({ ...twice, keypoints: null, boxes: null }).toEqual({ ...clip, keypoints: null, boxes: null })
      expect(twice.keypoints).toBeAllclose(clip.keypoints, { atol: 5e-5, rtol: 0 })
      expect(twice.boxes).toBeAllclose(clip.boxes, { atol: 5e-5, rtol: 0 })
    }
  })
})

test.each(stepNames.filter((name) => 'probability' in describeStep(name, { frames: 64 }).options))('%s with probability .3 is taken in .3 of the cases', (name) => {
  const step = chainOf([{ name, probability: 0.3 } as Step], { skeleton, frames: 64 })
  const clip = exampleClips[3]!
  const left = Array.from({ length: 400 }, (_, seed) => step(clip, randomAt({ seed }))).filter((made) => made === clip).length
  expect(Math.abs(left / 400 - 0.7)).toBeLessThan(0.08)
})
