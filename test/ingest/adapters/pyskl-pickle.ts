import { type Pickled, writePickle } from '../../../src/ingest/synthetic/ikea-asm/pickle-writer.ts'

/** An array of float32 for a pickle, in row order. */
export type Floats = { readonly shape: readonly number[]; readonly values: readonly number[] }
export type Python = null | boolean | number | string | Floats | readonly Python[] | { readonly [key: string]: Python }

/** A pickle of dicts, lists, text, integers and arrays, as numpy 1 writes them. */
export function pickleOf(value: Python): Buffer {
  return writePickle(pickled(value))
}

/** An annotation of 3 frames, joint j of frame t at (10 j + 1, 5 t + 2) with score 0.5, with other values in place of its own; null leaves one out. */
export function annotation(frameDir: string, changes: Readonly<Record<string, Python>> = {}): Python {
  const frames = 3
  const points = Array.from({ length: frames }, (_, t) => Array.from({ length: 17 }, (_, j) => [10 * j + 1, 5 * t + 2])).flat(2)
  const own: Record<string, Python> = {
    frame_dir: frameDir, total_frames: frames, img_shape: [240, 320], original_shape: [240, 320], label: 3,
    keypoint: { shape: [1, frames, 17, 2], values: points }, keypoint_score: { shape: [1, frames, 17], values: Array<number>(frames * 17).fill(0.5) },
  }
  return Object.fromEntries(Object.entries({ ...own, ...changes }).filter(([, value]) => value !== null))
}

function pickled(value: Python): Pickled {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') return { kind: 'text', text: value }
  if (Array.isArray(value)) return { kind: 'list', values: value.map(pickled) }
  if (isFloats(value)) return array(value)
  return { kind: 'dict', entries: Object.entries(value as Record<string, Python>).map(([key, one]) => [{ kind: 'text', text: key }, pickled(one)]) }
}

function isFloats(value: object): value is Floats {
  return 'shape' in value && 'values' in value
}

const reconstruct: Pickled = { kind: 'global', module: 'numpy.core.multiarray', name: '_reconstruct' }
const ndarray: Pickled = { kind: 'global', module: 'numpy', name: 'ndarray' }
const float32: Pickled = {
  kind: 'object', make: { kind: 'global', module: 'numpy', name: 'dtype' }, args: tuple([{ kind: 'text', text: 'f4' }, false, true]),
  state: tuple([3, { kind: 'text', text: '<' }, null, null, null, -1, -1, 0]),
}

function array({ shape, values }: Floats): Pickled {
  const bytes = new Uint8Array(Float32Array.from(values).buffer)
  return {
    kind: 'object', make: reconstruct, args: tuple([ndarray, tuple([0]), { kind: 'bytes', bytes: Buffer.from('b') }]),
    state: tuple([1, tuple(shape), float32, false, { kind: 'bytes', bytes }]),
  }
}

function tuple(values: readonly Pickled[]): Pickled {
  return { kind: 'tuple', values }
}
