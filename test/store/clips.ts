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
