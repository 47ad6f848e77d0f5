import { ToolkitError } from '../../../errors.ts'
import type { NdArray } from '../../readers/ndarray.ts'

/** One entry of the list `annotations`, checked. */
export type PysklAnnotation = {
  /** null = the entry has none. */
  readonly label: number | null
  /** px; 0 = the entry does not say. */
  readonly width: number
  readonly height: number
  /** [persons, frames, joints, 2 or 3] */
  readonly points: NdArray
  readonly shape: { readonly persons: number; readonly frames: number; readonly joints: number; readonly dims: 2 | 3 }
  /** [persons, frames, joints]; null = there are none, as with skeletons of three dimensions. */
  readonly scores: NdArray | null
  readonly flags: readonly string[]
}

/** Rows of frames that fit in memory with room to spare. */
const MAX_ROWS = 200_000

/** The name of the clip that an entry is about: its `frame_dir`, in older files its `filename`; null = it has neither. */
export function nameOfAnnotation(value: unknown): string | null {
  if (!(value instanceof Map)) return null
  const name: unknown = value.get('frame_dir') ?? value.get('filename')
  return typeof name === 'string' && name !== '' ? name : null
}

/** Checks an entry as PYSKL's documentation describes it. Throws E_PYSKL_ENTRY, E_PYSKL_LARGE; E_PYSKL_KPFILE where its keypoints lie elsewhere. */
export function toPysklAnnotation(entry: ReadonlyMap<unknown, unknown>): PysklAnnotation {
  const points = entry.get('keypoint')
  if (points === undefined && entry.has('frame_inds')) throw elsewhere(entry)
  const shape = shapeOf(points)
  const scores = scoresOf(entry.get('keypoint_score'), shape)
  const [own, original] = [sizeOf(entry, 'img_shape'), sizeOf(entry, 'original_shape')]
  const [height, width] = own ?? original ?? [0, 0]
  const total = entry.get('total_frames')
  return {
    label: labelOf(entry.get('label')), width, height, points: points as NdArray, shape, scores,
    flags: [
      ...(total === undefined || total === null || integerOf(total) === shape.frames ? [] : ['frame-count-mismatch']),
      ...(width === 0 ? ['image-size-unknown'] : []),
      ...(own !== null && original !== null && own.join() !== original.join() ? ['original-size-differs'] : []),
    ],
  }
}

/** As in PYSKL's Kinetics-400: the poses of many clips are in files of their own. */
function elsewhere(entry: ReadonlyMap<unknown, unknown>): ToolkitError {
  const file = entry.get('raw_file')
  const where = typeof file === 'string' ? `in "${file}"` : 'in a file that it does not name'
  return new ToolkitError('E_PYSKL_KPFILE', `the entry has no keypoints: they are ${where}, one of the kpfiles of Kinetics-400, which are not read`, {
    hint: 'write an annotation file with `keypoint` and `keypoint_score` in every entry' })
}

function shapeOf(points: unknown): PysklAnnotation['shape'] {
  if (points === undefined) throw broken('no "keypoint"')
  if (!isArray(points)) throw broken('"keypoint" is no array of numbers')
  const [persons, frames, joints, dims] = points.shape as [number, number, number, number]
  const isRight = points.shape.length === 4 && (dims === 2 || dims === 3) && frames > 0 && joints > 0
  if (!isRight) throw broken(`"keypoint" has the shape (${points.shape.join(', ')}), persons, frames, joints and 2 or 3 coordinates are expected`)
  const rows = frames * Math.max(1, persons)
  if (rows > MAX_ROWS) throw new ToolkitError('E_PYSKL_LARGE', `${frames} frames of ${persons} persons are ${rows} rows, at most ${MAX_ROWS} are read`)
  return { persons, frames, joints, dims }
}

function scoresOf(scores: unknown, { persons, frames, joints }: PysklAnnotation['shape']): NdArray | null {
  if (scores === undefined || scores === null) return null
  if (!isArray(scores)) throw broken('"keypoint_score" is no array of numbers')
  const expected = [persons, frames, joints].join(', ')
  if (scores.shape.join(', ') !== expected) throw broken(`"keypoint_score" has the shape (${scores.shape.join(', ')}), its keypoints ask for (${expected})`)
  return scores
}

/** Height and width, as the files have them; null = not there. */
function sizeOf(entry: ReadonlyMap<unknown, unknown>, key: string): readonly [number, number] | null {
  const value = entry.get(key)
  if (value === undefined || value === null) return null
  const [height, width, ...rest] = (Array.isArray(value) ? value : isArray(value) ? [...value.values] : []).map(integerOf)
  if (height === undefined || height === null || width === undefined || width === null || height < 1 || width < 1 || rest.length > 0) {
    throw broken(`"${key}" is not the height and the width of an image`)
  }
  return [height, width]
}

function labelOf(value: unknown): number | null {
  if (value === undefined || value === null) return null
  const label = integerOf(value)
  if (label === null) throw broken('"label" is no whole number')
  return label < 0 ? null : label
}

/** A whole number, or an array of one; null = it is something else. */
function integerOf(value: unknown): number | null {
  const number: unknown = isArray(value) && value.values.length === 1 ? value.values[0] : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

function isArray(value: unknown): value is NdArray {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'ndarray'
}

function broken(message: string): ToolkitError {
  return new ToolkitError('E_PYSKL_ENTRY', message)
}
