import { ABSENT, type Clip, OBSERVED, OCCLUDED } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import type { Skeleton } from '../../src/skeleton.ts'

/** Five joints: a head, two hands, two feet. */
export const skeleton: Skeleton = {
  name: 'example-5',
  joints: ['head', 'left hand', 'right hand', 'left foot', 'right foot'],
  rawJoints: ['head', 'left hand', 'right hand', 'left foot', 'right foot'],
  edges: [[0, 1], [0, 2], [0, 3], [0, 4]],
  pairs: [[1, 2], [3, 4]],
}

type Example = { seed?: number; frames?: number; persons?: number; dims?: 2 | 3 }

/** A clip drawn at random: joints inside 320 x 240 px, one in eight absent, one in eight occluded, two phases, boxes, frame paths. */
export function exampleClip({ seed = 1, frames = 12, persons = 1, dims = 2 }: Example = {}): Clip {
  const id = `example/${seed}`
  const random = randomAt({ seed })
  const points = frames * persons * skeleton.joints.length
  const states = Uint8Array.from({ length: points }, () => [OBSERVED, OBSERVED, OBSERVED, OBSERVED, OBSERVED, OBSERVED, OCCLUDED, ABSENT][random.integer(8)]!)
  const keypoints = new Float32Array(points * (dims + 1))
  states.forEach((state, point) => {
    const coordinates = [random.between(0, 320), random.between(0, 240), random.between(-50, 50)].slice(0, dims)
    const confidence = [1, 0.5, 0][state]!
    keypoints.set([...(state === ABSENT ? coordinates.map(() => NaN) : coordinates), confidence], point * (dims + 1))
  })
  const half = Math.floor(frames / 2)
  return {
    id, dataset: 'example', group: id, skeleton: skeleton.name, fps: 30, width: 320, height: 240, frames, persons, joints: skeleton.joints.length, dims,
    source: 'manual', keypoints, states, raw: null,
    time: Float32Array.from({ length: frames }, (_, t) => t),
    boxes: Float32Array.from({ length: frames * 4 }, (_, i) => [10, 20, 300, 200][i % 4]!),
    signals: { names: ['twice'], values: Float32Array.from({ length: frames }, (_, t) => 2 * t) }, calibration: null, unit: 'px',
    labels: {
      action: 'wave', officialSplit: 'train', view: 'front', subject: null, scene: null, camera: null, sides: {}, segments: [{ track: 'verb', start: 1, end: Math.min(5, frames), label: 'wave', number: 3 }].filter(({ start, end }) => start < end),
      phases: [{ start: 0, end: half, label: 'up' }, { start: half, end: frames, label: 'down' }].filter(({ start, end }) => start < end),
    },
    flags: [], files: [],
  }
}

/** Twenty clips, of different lengths, one with two persons, one with three dimensions. */
export const exampleClips: readonly Clip[] = Array.from({ length: 20 }, (_, i) =>
  exampleClip({ seed: i + 1, frames: 5 + 7 * i, persons: i === 3 ? 2 : 1, dims: i === 4 ? 3 : 2 }))

/** The coordinates of joint `joint` of the first person in frame `frame`. */
export function jointAt(clip: Clip, frame: number, joint: number): number[] {
  const at = (frame * clip.persons * clip.joints + joint) * (clip.dims + 1)
  return Array.from(clip.keypoints!.subarray(at, at + clip.dims + 1))
}

/** Which joints are absent: where the x coordinate is NaN. */
export function absent(clip: Clip): boolean[] {
  return Array.from({ length: clip.keypoints!.length / (clip.dims + 1) }, (_, point) => Number.isNaN(clip.keypoints![point * (clip.dims + 1)]!))
}
