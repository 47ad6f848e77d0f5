import { type Pickled, writePickle } from '../../../src/ingest/synthetic/ikea-asm/pickle-writer.ts'

/** An array to write: float64 of a shape, or int64 of one dimension. */
export type Numbers = { readonly shape: readonly number[]; readonly values: readonly number[]; readonly type: 'f8' | 'i8' }

/** A file of CASA's: a dict of videos, each a dict of arrays, as numpy saves an object. */
export function casaNpy(videos: Readonly<Record<string, Readonly<Record<string, Numbers | string>>>>): Buffer {
  const dict = (entries: readonly (readonly [string, Pickled])[]): Pickled => ({ kind: 'dict', entries: entries.map(([key, value]) => [text(key), value]) })
  const value = (own: Numbers | string): Pickled => (typeof own === 'string' ? text(own) : array(own.shape, dtype(own.type), bytesOf(own)))
  const object = dict(Object.entries(videos).map(([name, video]) => [name, dict(Object.entries(video).map(([key, own]) => [key, value(own)]))]))
  const head = `\x93NUMPY\x01\x00\x76\x00${`{'descr': '|O', 'fortran_order': False, 'shape': (), }`.padEnd(117)}\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), writePickle(array([], dtype('O8'), { kind: 'list', values: [object] }))])
}

export function floats(shape: readonly number[], at: (cell: number) => number = (cell) => cell / 8): Numbers {
  return { shape, type: 'f8', values: Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, cell) => at(cell)) }
}

export function integers(...values: readonly number[]): Numbers {
  return { shape: [values.length], type: 'i8', values }
}

function bytesOf({ type, values }: Numbers): Pickled {
  const laid = type === 'f8' ? Float64Array.from(values) : BigInt64Array.from(values.map(BigInt))
  return { kind: 'bytes', bytes: new Uint8Array(laid.buffer) }
}

const global = (module: string, name: string): Pickled => ({ kind: 'global', module, name })
const text = (text: string): Pickled => ({ kind: 'text', text })
const tuple = (...values: readonly Pickled[]): Pickled => ({ kind: 'tuple', values })

function array(shape: readonly number[], dtype: Pickled, content: Pickled): Pickled {
  const args = tuple(global('numpy', 'ndarray'), tuple(0), { kind: 'bytes', bytes: Buffer.from('b') })
  return { kind: 'object', make: global('numpy.core.multiarray', '_reconstruct'), args, state: tuple(1, tuple(...shape), dtype, false, content) }
}

function dtype(name: string): Pickled {
  const isObject = name === 'O8'
  const state = tuple(3, text(isObject ? '|' : '<'), null, null, null, -1, -1, isObject ? 63 : 0)
  return { kind: 'object', make: global('numpy', 'dtype'), args: tuple(text(name), 0, 1), state }
}
