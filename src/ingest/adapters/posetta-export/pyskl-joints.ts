import type { Clip } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { toPysklAnnotation } from '../pyskl/pyskl-annotation.ts'
import { openPyskl } from '../pyskl/pyskl-file.ts'
import type { ExportedJoints, ExportedPlace } from './exported-clip.ts'

/** The joints of an annotation of an exported pickle: [M, T, V, C] -> [T, M, J, C]. Throws E_EXPORT_CHANGED. */
export function pysklJoints(raw: RawFolder, { frames, joints, dims }: Clip, { id, file, place }: ExportedPlace): ExportedJoints {
  const found = openPyskl(raw, file).entries.get(Number(place))
  if (found === undefined) throw new ToolkitError('E_EXPORT_CHANGED', `${file} has no annotation ${place}, which is ${id}`)
  const { points, scores, shape: { persons } } = toPysklAnnotation(found.entry)
  const cells = frames * persons * joints
  const [coordinates, confidences] = [points.values, scores?.values ?? null]
  const [exported, confidence] = [new Float32Array(cells * dims), confidences === null ? null : new Float32Array(cells)]
  for (let cell = 0; cell < cells; cell++) {
    const row = Math.floor(cell / joints)
    const from = ((row % persons) * frames + Math.floor(row / persons)) * joints + (cell % joints)
    for (let axis = 0; axis < dims; axis++) exported[cell * dims + axis] = coordinates[from * dims + axis]!
    if (confidence !== null) confidence[cell] = confidences![from]!
  }
  return { points: exported, confidence }
}
