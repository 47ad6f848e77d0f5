import { ABSENT, type Clip } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Hash } from '../../../hash.ts'
import { packClip } from '../../../store/pack-clip.ts'

/** What a format holds of a clip: coordinates [T, M, J, dims], and confidence [T, M, J] where it keeps that. Joints that are absent may have any. */
export type ExportedJoints = { readonly points: Float32Array; readonly confidence: Float32Array | null }

/** Where a clip lies in an export, and the hash it had in the store that was exported. */
export type ExportedPlace = { readonly id: string; readonly hash: Hash; readonly file: string; readonly place: string | null }

/** A clip as it was: what the format holds put into what it has no room for. Throws E_EXPORT_CHANGED when that is another clip than was exported. */
export function exportedClip(rest: Clip, joints: ExportedJoints | null, skeletonJoints: readonly string[], { id, hash, file }: ExportedPlace): Clip {
  const clip = joints === null ? rest : withJoints(rest, joints)
  if (packClip(clip, skeletonJoints).hash === hash) return clip
  throw new ToolkitError('E_EXPORT_CHANGED', `${id} in ${file} is not the clip that was exported: its hash is another one`, {
    hint: 'export the data set again; what was changed on purpose is read as a data set of its own, without posetta-export.json' })
}

function withJoints(rest: Clip, { points, confidence }: ExportedJoints): Clip {
  const { dims } = rest
  const [keypoints, raw] = [rest.keypoints!.slice(), rest.raw!.slice()]
  rest.states!.forEach((state, cell) => {
    if (state === ABSENT) return
    for (let axis = 0; axis < dims; axis++) {
      const value = points[cell * dims + axis] ?? NaN
      raw[cell * dims + axis] = value
      keypoints[cell * (dims + 1) + axis] = value
    }
    if (confidence !== null) keypoints[cell * (dims + 1) + dims] = confidence[cell]!
  })
  return { ...rest, keypoints, raw }
}
