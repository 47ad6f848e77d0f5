import { ABSENT, type Clip, OBSERVED, OCCLUDED } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'

export const skeletons = [{ name: 'two', joints: ['head', 'left_hand'] }]
const joints = skeletons[0]!.joints.length

/** A hand-made clip of two joints: observed, occluded and absent (raw corner kept) in turn; every field can be replaced. */
export function makeClip(id: string, change: Partial<Clip> = {}): Clip {
  const frames = change.frames ?? 3
  const persons = change.persons ?? 1
  const random = randomAt({ seed: 1, clip: id })
  const cells = frames * persons * joints
  const states = Uint8Array.from({ length: cells }, (_, cell) => [OBSERVED, OCCLUDED, ABSENT][cell % 3]!)
  const raw = Float32Array.from({ length: 2 * cells }, (_, i) => (states[i >> 1] === ABSENT ? 0.75 : random.between(5, 400)))
  const keypoints = Float32Array.from({ length: 3 * cells }, (_, i) => {
    const [cell, axis] = [Math.floor(i / 3), i % 3]
    if (axis === 2) return [1, 0.5, 0][states[cell]!]!
    return states[cell] === ABSENT ? NaN : raw[2 * cell + axis]!
  })
  return {
    id, dataset: id.split('/')[0]!, group: id, skeleton: 'two', fps: null, width: 480, height: 270, frames, persons, joints: 2, dims: 2, source: 'manual',
    keypoints, states, raw, time: Float32Array.from({ length: frames }, (_, frame) => frame), signals: null, calibration: null, unit: 'px',
    boxes: Float32Array.from({ length: 4 * frames }, (_, i) => (i < 4 * (frames - 1) ? i + 0.5 : NaN)),
    labels: { action: 'squat', officialSplit: 'train', view: 'front', subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] },
    flags: ['box-missing-last-frame'], files: [{ path: `labels/${id}.mat`, bytes: 4321, sha256: '0'.repeat(64), role: 'label', frame: null, place: null }],
    ...change,
  }
}

export function makeClips(count: number): Clip[] {
  return Array.from({ length: count }, (_, i) => makeClip(`tiny/${String(i + 1).padStart(4, '0')}`, { frames: 2 + (i % 5) }))
}

/** The skeleton of `spatial`. */
export const three = { name: 'three', joints: ['a', 'b', 'c'] }

/** A clip of three joints in three dimensions with two signals, a camera that stands somewhere, and tracks that overlap. */
export function spatial(id: string): Clip {
  const [frames, persons] = [2, 2]
  const cells = frames * persons * 3
  const states = Uint8Array.from({ length: cells }, (_, cell) => (cell === 5 ? ABSENT : OBSERVED))
  const raw = Float32Array.from({ length: 3 * cells }, (_, i) => i / 8)
  const keypoints = Float32Array.from({ length: 4 * cells }, (_, i) => {
    const [cell, axis] = [i >> 2, i & 3]
    return axis === 3 ? (cell === 5 ? 0 : 1) : cell === 5 ? NaN : raw[3 * cell + axis]!
  })
  return {
    ...makeClip(id, { frames, persons }), skeleton: 'three', joints: 3, dims: 3, unit: 'cm', keypoints, states, raw, boxes: null,
    signals: { names: ['camera_pose_00', 'flag'], values: Float32Array.of(1.5, NaN, 2.5, 1) },
    calibration: {
      fx: 1000.25, fy: 1001, cx: 960, cy: 540, width: 1920, height: 1080, distortion: [0.1, 0, 0, 0, -0.2], rotation: [1, 0, 0, 0, 0, -1, 0, 1, 0],
      translation: [1, 2, 3.5], unit: 'cm' },
    labels: {
      ...makeClip(id).labels, officialSplit: 'validation', sides: { xset: 'test', xsub: 'train' },
      segments: [{ track: 'action', start: 0, end: 2, label: 'grab', number: 1 }, { track: 'action', start: 1, end: 2, label: 'place', number: null },
        { track: 'verb', start: 0, end: 1, label: 'grab', number: 7 }] },
    files: [{ path: 'pose/000001.txt', bytes: 12, sha256: 'a'.repeat(64), role: 'keypoints', frame: 1, place: null },
      { path: 'list.txt', bytes: 99, sha256: 'b'.repeat(64), role: 'annotations', frame: null, place: 'row 17' }],
  }
}
