import type { Clip } from '../../src/clip.ts'
import type { Encoder } from '../../src/encoder.ts'
import type { Labelled } from '../../src/eval/measured.ts'
import type { Tensor } from '../../src/tensor.ts'

/**
 * A clip of `penn-13` whose joints follow `place(t, joint)` in px; all observed, confidence t / frames, so that a test's oracle can read the time off a view.
 */
export function clipOf(id: string, frames: number, options: { action?: string; place?: (t: number, joint: number) => readonly [number, number] } = {}): Clip {
  const { action = 'pullup', place = (t, joint) => [joint * 10, 100 + joint * 8 - t] } = options
  const keypoints = new Float32Array(frames * 13 * 3)
  for (let t = 0; t < frames; t++) for (let joint = 0; joint < 13; joint++) keypoints.set([...place(t, joint), t / frames], (t * 13 + joint) * 3)
  return {
    id, dataset: 'made', group: id, skeleton: 'penn-13', fps: null, width: 200, height: 200, frames, persons: 1, joints: 13, dims: 2, source: 'manual',
    keypoints, states: new Uint8Array(frames * 13), raw: null, time: Float32Array.from({ length: frames }, (_, t) => t), boxes: null, signals: null, calibration: null, unit: 'px',
    labels: { action, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] }, flags: [], files: [],
  }
}

/** Rows as [T, d]. */
export function rows(...values: readonly (readonly number[])[]): Tensor {
  return { shape: [values.length, values[0]!.length], data: Float32Array.from(values.flat()) }
}

/** A clip with the given embedding rows (and phases), its joints of no matter. */
export function embedded(id: string, values: readonly (readonly number[])[], phases: readonly number[] = values.map(() => 0)): Labelled {
  return { clip: clipOf(id, values.length), embedding: rows(...values), phases }
}

/** An encoder of one number per frame. */
export function encoderOf(name: string, value: (clip: Clip, t: number) => number): Encoder {
  return {
    name,
    embed: async (clips) => clips.map((clip) => ({ shape: [clip.frames, 1], data: Float32Array.from({ length: clip.frames }, (_, t) => value(clip, t)) })),
  }
}

/** Knows where in the recording a frame stands: the best any encoder can do. */
export const oracle = encoderOf('oracle', (clip, t) => clip.keypoints![t * 39 + 2]!)
