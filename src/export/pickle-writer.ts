/** What can be pickled: None, bool, int (32 bits), str, list, tuple, dict, and an array of numpy. */
export type Pickled = null | boolean | number | string | readonly Pickled[] | NumpyArray
  | { readonly kind: 'tuple'; readonly values: readonly Pickled[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [key: string, value: Pickled])[] }

/** An array in row order, little-endian. */
export type NumpyArray = { readonly kind: 'numpy'; readonly shape: readonly number[]; readonly values: Float32Array }

const bytes = (latin1: string): Uint8Array => Buffer.from(latin1, 'latin1')

/** A piece of a pickle. `EMPTY_LIST` and every value with `APPEND` behind it make a list; `EMPTY_DICT` and key, value, `SET_ITEM` make a dict. */
export const [EMPTY_LIST, APPEND, EMPTY_DICT, SET_ITEM, STOP] = [bytes(']'), bytes('a'), bytes('}'), bytes('s'), bytes('.')] as const

/**
 * How the pickle begins: protocol 4, and three things put into the memo that every array asks for. They have the names under which every numpy since 1.0 finds
 * them (2.0 moved the module and kept the name for the sake of old pickles: numpy/core/multiarray.py).
 */
export const BEGIN: Uint8Array = bytes(
  '\x80\x04'
  + 'cnumpy.core.multiarray\n_reconstruct\nq\x000'
  + 'cnumpy\nndarray\nq\x010'
  + 'cnumpy\ndtype\nX\x02\0\0\0f4\x89\x88\x87R(K\x03X\x01\0\0\0<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbq\x020')

/**
 * The opcodes that make a value, for `pickle.load` of Python 3.4 on; arrays need `BEGIN` before them. Nothing is put into the memo: a value may be written as
 * soon as it is known, and is forgotten then. Opcodes: Lib/pickletools.py of Python; state of an array: numpy.ndarray.__reduce__.
 */
export function pickled(value: Pickled): Uint8Array[] {
  if (value === null) return [bytes('N')]
  if (typeof value === 'boolean') return [bytes(value ? '\x88' : '\x89')]
  if (typeof value === 'number') return [integer(value)]
  if (typeof value === 'string') return text(value)
  if (isList(value)) return [EMPTY_LIST, ...value.flatMap((one) => [...pickled(one), APPEND])]
  if (value.kind === 'tuple') return [bytes('('), ...value.values.flatMap(pickled), bytes('t')]
  if (value.kind === 'dict') return [EMPTY_DICT, ...value.entries.flatMap(([key, one]) => [...text(key), ...pickled(one), SET_ITEM])]
  return array(value)
}

/** Array.isArray does not tell a readonly list from the other kinds. */
function isList(value: object): value is readonly Pickled[] {
  return Array.isArray(value)
}

function integer(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31) throw new Error(`${value} is no integer of 32 bits`)
  const [code, size] = value >= 0 && value < 256 ? ['K', 1] as const : ['J', 4] as const
  const written = Buffer.alloc(1 + size)
  written.write(code, 'latin1')
  if (size === 1) written.writeUInt8(value, 1)
  else written.writeInt32LE(value, 1)
  return written
}

function text(value: string): Uint8Array[] {
  const utf8 = Buffer.from(value)
  return [bytes('X'), word(utf8.length), utf8]
}

/** `_reconstruct(ndarray, (0,), b'b')`, then its state: version, shape, dtype, whether columns come first, the bytes. */
function array({ shape, values }: NumpyArray): Uint8Array[] {
  const cells = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const head = [bytes('h\0h\x01K\0\x85C\x01b\x87R(K\x01('), ...shape.map(integer), bytes('th\x02\x89B'), word(cells.length)]
  return [...head, cells, bytes('tb')]
}

function word(value: number): Uint8Array {
  if (value >= 2 ** 32) throw new Error(`${value} bytes are more than one value of a pickle can have`)
  const written = Buffer.alloc(4)
  written.writeUInt32LE(value)
  return written
}
