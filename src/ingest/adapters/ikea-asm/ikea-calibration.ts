import type { Camera } from '../../../camera.ts'
import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { parseJson } from '../../readers/json-file.ts'
import { readShared, type SharedFile } from './ikea-read-once.ts'

/** px of a Kinect's colour camera, in which all coordinates are. */
export const IMAGE = { width: 1920, height: 1080 } as const
/** OpenCV's k1, k2, p1, p2, k3: what a camera can hold. */
const MOST_COEFFICIENTS = 5

/**
 * Reads `Calibration/<scene>/<dev>/camera_parameters.json`: K and R 3 x 3, T 3 x 1 in cm, `dist_coefs`; the world is the camera dev2 of the scene
 * (human_pose/calibration.py of IKEA ASM).
 */
export function readCalibration(raw: RawFolder, path: string): SharedFile<Camera> | Quarantined {
  return readShared(raw, path, ({ bytes }) => parseCamera(bytes))
}

function parseCamera(bytes: Uint8Array): Camera {
  const parameters = parseJson(bytes)
  const [k, rotation, translation] = [numbers(parameters, 'K', 9), numbers(parameters, 'R', 9), numbers(parameters, 'T', 3)]
  const [fx, skew, cx, , fy, cy] = k as [number, number, number, number, number, number]
  if (skew !== 0) throw broken(`K has the skew ${skew}, which is not known here`)
  const distortion = numbers(parameters, 'dist_coefs', null)
  if (distortion.slice(MOST_COEFFICIENTS).some((value) => value !== 0)) throw broken(`dist_coefs has ${distortion.length} coefficients; 5 are known`)
  return { fx, fy, cx, cy, ...IMAGE, distortion: distortion.slice(0, MOST_COEFFICIENTS), rotation, translation, unit: 'cm' }
}

function numbers(parameters: unknown, name: string, count: number | null): number[] {
  const value = typeof parameters === 'object' && parameters !== null ? (parameters as Record<string, unknown>)[name] : undefined
  const all = Array.isArray(value) ? value.flat(2) as unknown[] : []
  if (Array.isArray(value) && (count === null || all.length === count) && all.every((one) => Number.isFinite(one))) return all as number[]
  throw broken(`${name} is ${JSON.stringify(value)?.slice(0, 80)}, not ${count === null ? 'numbers' : `${count} numbers`}`)
}

function broken(message: string): ToolkitError {
  return new ToolkitError('E_IKEA_CALIBRATION', message)
}
