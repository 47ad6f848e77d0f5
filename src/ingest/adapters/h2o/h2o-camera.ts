import type { Camera } from '../../../camera.ts'
import type { Quarantined, SourceRef } from '../../../clip.ts'
import { isQuarantined, orQuarantined, type RawFolder, slashed, sourceOf } from '../../raw-folder.ts'
import { FormatError } from '../../readers/format-error.ts'
import { readNumbers } from '../../readers/number-text.ts'
import { missingFile } from './h2o-files.ts'
import type { H2oFilm } from './h2o-folders.ts'

/** `camera` null = there is no projection. */
export type H2oCamera = { readonly camera: Camera | null; readonly sources: readonly SourceRef[]; readonly quarantined: readonly Quarantined[] }

/** `cam_intrinsics.txt`: `fx fy cx cy width height` in px. The pictures are undistorted; where the camera is, frame by frame, is in the signals. */
export function readCamera(raw: RawFolder, { home, intrinsics }: Pick<H2oFilm, 'home' | 'intrinsics'>): H2oCamera {
  const aside = (quarantined: Quarantined): H2oCamera => ({ camera: null, sources: [], quarantined: [quarantined] })
  if (intrinsics === null) return aside(missingFile(slashed(home, 'cam_intrinsics.txt'), 'the camera'))
  const file = orQuarantined(intrinsics, null, () => raw.read(intrinsics))
  if (isQuarantined(file)) return aside(file)
  const camera = orQuarantined(intrinsics, file, () => cameraOf(readNumbers(file.bytes, 6)))
  return isQuarantined(camera) ? aside(camera) : { camera, sources: [sourceOf(file, 'camera')], quarantined: [] }
}

function cameraOf(numbers: Float64Array): Camera {
  const [fx, fy, cx, cy, width, height] = [...numbers] as [number, number, number, number, number, number]
  const isSize = [width, height].every((size) => Number.isInteger(size) && size > 0 && size < 2 ** 15)
  if (!isSize || fx <= 0 || fy <= 0) throw new FormatError('E_H2O_CAMERA', `fx ${fx}, fy ${fy}, width ${width}, height ${height}: no camera has these`, 0)
  return { fx, fy, cx, cy, width, height, distortion: [], rotation: null, translation: null, unit: null }
}
