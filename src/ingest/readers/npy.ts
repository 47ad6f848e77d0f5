import { FormatError } from './format-error.ts'
import { type Budget, countCells, denseArray, type NdArray, type NdTexts } from './ndarray.ts'
import { parseDtype } from './npy-dtype.ts'
import { readNpyHeader } from './npy-header.ts'
import { unpickle } from './pickle.ts'
import { isKind, kindOf } from './pickle-machine.ts'
import type { NdObjects } from './pickle-value.ts'

/** The most that one file may unpack to, unless the caller says otherwise. */
const MAX_BYTES = 64 * 2 ** 20

/** Reads an array of numbers (booleans as 0 and 1) as readNpyArray does; throws FormatError for text and objects. */
export function readNpy(bytes: Uint8Array, options: { maxBytes?: number } = {}): NdArray {
  const array = readNpyArray(bytes, options)
  if (array.kind === 'ndarray') return array
  throw new FormatError('E_NPY_DTYPE', `an array of dtype "${array.dtype}"; booleans, integers and floats are read`, 10)
}

/**
 * Reads an array of any dimensions of booleans, integers, floats, text or objects (which are a pickle, see readPickle): numpy.lib.format versions 1 to 3.
 * Whatever the bytes are, it answers or throws FormatError; what it makes stays within `maxBytes`. Numbers are views of `bytes`, which must not change.
 */
export function readNpyArray(bytes: Uint8Array, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): NdArray | NdTexts | NdObjects {
  const { descr, isFortran, shape, start } = readNpyHeader(bytes)
  const dtype = parseDtype(descr)
  if (dtype === null) throw new FormatError('E_NPY_DTYPE', `an array of dtype "${descr}"; booleans, integers, floats, text and objects are read`, 10)
  const budget: Budget = { left: maxBytes, most: maxBytes, code: 'E_NPY_LARGE' }
  if (dtype.holds === 'objects') return readObjects(bytes, shape, start, budget)
  return denseArray({ bytes: bytes.subarray(start), dtype, shape, isFortran, at: start }, budget)
}

/** An array of objects, pickled whole. */
function readObjects(bytes: Uint8Array, shape: readonly number[], start: number, budget: Budget): NdObjects {
  countCells(shape, 10)
  const value = unpickle(bytes, start, budget)
  if (!isKind(value, 'ndobjects')) throw new FormatError('E_NPY_OBJECTS', `the header says objects, the pickle at byte ${start} holds ${kindOf(value)}`, start)
  if (value.shape.join(', ') === shape.join(', ')) return value
  throw new FormatError('E_NPY_SHAPE', `the header says shape (${shape.join(', ')}), the pickle at byte ${start} has (${value.shape.join(', ')})`, start)
}
