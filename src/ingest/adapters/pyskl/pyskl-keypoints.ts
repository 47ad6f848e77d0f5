import { ABSENT, type Clip, OBSERVED } from '../../../clip.ts'
import type { PysklAnnotation } from './pyskl-annotation.ts'

type Keypoints = Pick<Clip, 'keypoints' | 'states' | 'raw' | 'flags'>

/**
 * [M, T, V, C] -> [T, M, J, dims + 1]. A joint whose coordinates are all 0 was padded there: absent, as one that is not finite; all others are observed, with
 * their score (1 where there are none) as confidence. `isYUp`: the device's y points up (flag `y-up`).
 */
export function pysklKeypoints({ points, scores, shape }: PysklAnnotation, { isYUp }: { isYUp: boolean }): Keypoints {
  const { persons, frames, joints, dims } = shape
  const cells = frames * Math.max(1, persons) * joints
  const clip = { keypoints: new Float32Array(cells * (dims + 1)), states: new Uint8Array(cells).fill(ABSENT), raw: new Float32Array(cells * dims).fill(NaN) }
  const { keypoints, states, raw } = clip
  const [coordinates, confidences] = [points.values, scores?.values ?? null]
  const seen = { observed: 0, notFinite: 0, beyond: 0 }
  for (let cell = 0; cell < cells; cell++) {
    const row = Math.floor(cell / joints)
    const from = ((row % persons) * frames + Math.floor(row / persons)) * joints + (cell % joints)
    let isFinite = persons > 0
    let isZero = true
    for (let axis = 0; axis < dims; axis++) {
      const value = coordinates[from * dims + axis] ?? NaN
      if (Number.isFinite(value)) raw[cell * dims + axis] = value
      else isFinite = false
      isZero &&= value === 0
    }
    const isObserved = isFinite && !isZero
    const score = confidences === null ? 1 : confidences[from]!
    for (let axis = 0; axis < dims; axis++) keypoints[cell * (dims + 1) + axis] = isObserved ? raw[cell * dims + axis]! : NaN
    if (!isFinite && persons > 0) seen.notFinite++
    if (!isObserved) continue
    states[cell] = OBSERVED
    keypoints[cell * (dims + 1) + dims] = score > 0 ? Math.min(1, score) : 0
    seen.observed++
    if (!(score >= 0 && score <= 1)) seen.beyond++
  }
  const flags = [
    ...(seen.notFinite > 0 ? ['joints-not-finite'] : []),
    ...(seen.observed === 0 ? ['no-observed-joint'] : []),
    ...(seen.beyond > 0 ? ['scores-beyond-one'] : []),
    ...(isYUp ? ['y-up'] : []),
  ]
  return { ...clip, flags }
}
