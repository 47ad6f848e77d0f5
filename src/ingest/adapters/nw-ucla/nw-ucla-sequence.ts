import { ABSENT, type Clip, OBSERVED } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'

/** Joints of a body: Kinect v1. */
export const UCLA_JOINTS = 20

/** What one JSON file holds, as it stands there. */
export type UclaSequence = {
  readonly name: string
  readonly label: number
  readonly frames: number
  /** [T, 20, 3] m, y up. */
  readonly points: Float32Array
}

/** Checks `{"file_name", "skeletons": [T][20][3], "label"}` (feeder_ucla.py of CTR-GCN). Throws E_UCLA_JSON with the place. */
export function toUclaSequence(value: unknown): UclaSequence {
  const { file_name: name, skeletons, label } = isObject(value) ? value : {}
  if (typeof name !== 'string') throw broken('no text "file_name"')
  if (typeof label !== 'number' || !Number.isInteger(label)) throw broken('no whole number "label"')
  if (!Array.isArray(skeletons) || skeletons.length === 0) throw broken('no list "skeletons" of at least one frame')
  const points = new Float32Array(skeletons.length * UCLA_JOINTS * 3)
  for (const [frame, joints] of skeletons.entries()) {
    if (!Array.isArray(joints) || joints.length !== UCLA_JOINTS) throw broken(`skeletons[${frame}] is ${shown(joints)}, ${UCLA_JOINTS} joints are expected`)
    for (const [joint, point] of joints.entries()) {
      if (!Array.isArray(point) || point.length !== 3 || !point.every((number) => typeof number === 'number')) {
        throw broken(`skeletons[${frame}][${joint}] is ${JSON.stringify(point).slice(0, 60)}, three numbers are expected`)
      }
      points.set(point as number[], (frame * UCLA_JOINTS + joint) * 3)
    }
  }
  return { name, label, frames: skeletons.length, points }
}

/** The device's y points up (flag `y-up`). A joint at the origin, or not finite, was not tracked and is absent; all others are observed. */
export function uclaKeypoints({ frames, points }: UclaSequence): Pick<Clip, 'keypoints' | 'states' | 'raw' | 'flags'> {
  const cells = frames * UCLA_JOINTS
  const clip = { keypoints: new Float32Array(cells * 4), states: new Uint8Array(cells), raw: new Float32Array(cells * 3) }
  const counts = { absent: 0, notFinite: 0 }
  for (let cell = 0; cell < cells; cell++) {
    const point = points.subarray(cell * 3, cell * 3 + 3)
    const raw = [point[0]!, point[1]!, point[2]!].map((number) => (Number.isFinite(number) ? number : NaN))
    const isFinite = !raw.some(Number.isNaN)
    const isAbsent = !isFinite || raw.every((number) => number === 0)
    clip.raw.set(raw, cell * 3)
    clip.keypoints.set(isAbsent ? [NaN, NaN, NaN, 0] : [...raw, 1], cell * 4)
    clip.states[cell] = isAbsent ? ABSENT : OBSERVED
    if (isAbsent) counts.absent++
    if (!isFinite) counts.notFinite++
  }
  const flags = [...(counts.notFinite > 0 ? ['joints-not-finite'] : []), ...(counts.absent === cells ? ['no-observed-joint'] : []), 'y-up']
  return { ...clip, flags }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(message: string): ToolkitError {
  return new ToolkitError('E_UCLA_JSON', message)
}

function shown(joints: unknown): string {
  return Array.isArray(joints) ? `a list of ${joints.length}` : typeof joints === 'object' ? 'no list' : `a ${typeof joints}`
}
