import { countCells, denseArray, denseStrides, ndArray, type NdArray, type NdTexts } from './ndarray.ts'
import { type Dtype, parseDtype } from './npy-dtype.ts'
import { fromLatin1, placeOf } from './pickle-bytes.ts'
import { badArguments, type Globals, whitelist } from './pickle-globals.ts'
import { type Cell, charge, COST, type DtypeCell, fail, fileOffset, isKind, kindOf, type Machine } from './pickle-machine.ts'
import type { NdObjects, PickleValue } from './pickle-value.ts'

type AnyArray = NdArray | NdTexts | NdObjects

/** What arrays, dtypes and scalars of numpy 1 and 2 are made of. */
export const numpyGlobals: Globals = whitelist({
  'numpy ndarray': null,
  'numpy dtype': makeDtype,
  ...Object.fromEntries(['numpy.core', 'numpy._core'].flatMap((core) => [
    [`${core}.multiarray _reconstruct`, reconstruct], [`${core}.multiarray scalar`, scalar], [`${core}.numeric _frombuffer`, fromBuffer],
  ])),
})

/** BUILD: gives a dtype or an array its state. Throws FormatError for anything else. */
export function buildState(machine: Machine, target: Cell, state: Cell): void {
  if (!Array.isArray(state)) throw fail(machine, 'E_PICKLE_CALL', `gives ${kindOf(target)} ${kindOf(state)} in place of a tuple for its state`)
  if (isKind(target, 'dtype')) target.dtype = builtDtype(machine, target.dtype, state)
  else if (isArray(target)) become(target, builtArray(machine, state))
  else throw fail(machine, 'E_PICKLE_CALL', `sets the state of ${kindOf(target)}; only dtypes and arrays have one`)
}

/** `dtype('f4', False, True)`, the byte order of which comes later as its state. */
function makeDtype(machine: Machine, args: readonly Cell[]): DtypeCell {
  const [name] = args
  if (typeof name !== 'string') throw badArguments(machine, 'numpy.dtype', args)
  return { kind: 'dtype', dtype: dtypeOf(machine, name) }
}

/** (version, byte order, base of a subarray, names, fields, ...): records have names, and are not read. */
function builtDtype(machine: Machine, { name }: Dtype, [, order, base, names]: readonly Cell[]): Dtype {
  const isPlain = typeof order === 'string' && (base ?? null) === null && (names ?? null) === null
  if (!isPlain) throw fail(machine, 'E_PICKLE_DTYPE', 'makes a dtype of records, which are not read')
  return dtypeOf(machine, `${order}${name.slice(1)}`)
}

function dtypeOf(machine: Machine, name: string): Dtype {
  const dtype = parseDtype(name)
  if (dtype !== null) return dtype
  throw fail(machine, 'E_PICKLE_DTYPE', `makes the dtype ${JSON.stringify(name.slice(0, 40))}; booleans, integers, floats, text and objects are read`)
}

/** `_reconstruct(ndarray, (0,), b'b')`: an empty array of int8, which its state then fills. */
function reconstruct(machine: Machine, args: readonly Cell[]): NdArray {
  const [type] = args
  if (!isKind(type, 'global') || type.name !== 'numpy.ndarray') throw badArguments(machine, 'numpy._reconstruct', args)
  return { kind: 'ndarray', dtype: '|i1', shape: [0], values: new Float32Array(0) }
}

/** (version, shape, dtype, is Fortran order, bytes or list of objects); the list is always in row order. */
function builtArray(machine: Machine, state: readonly Cell[]): AnyArray {
  const [, shape, dtype, isFortran, content] = state
  if (!isKind(dtype, 'dtype') || !Array.isArray(shape)) throw badArguments(machine, 'numpy.ndarray.__setstate__', state)
  if (dtype.dtype.holds === 'objects') return objects(machine, shape, content)
  const bytes = typeof content === 'string' ? fromLatin1(machine, content) : content
  if (!(bytes instanceof Uint8Array)) throw badArguments(machine, 'numpy.ndarray.__setstate__', state)
  return denseArray({ bytes, dtype: dtype.dtype, shape: sizes(machine, shape), isFortran: Boolean(isFortran), at: placeOf(machine, bytes) }, machine.budget)
}

function objects(machine: Machine, shape: readonly Cell[], content: Cell | undefined): NdObjects {
  const axes = sizes(machine, shape)
  const cells = countCells(axes, fileOffset(machine, machine.opcode))
  const found = Array.isArray(content) ? content.length : null
  const what = found === null ? kindOf(content ?? null) : `${found} objects`
  if (found !== cells) throw fail(machine, 'E_NDARRAY_LENGTH', `fills ${cells} cells of an array with ${what}`)
  charge(machine, COST.slot * cells)
  return { kind: 'ndobjects', dtype: '|O', shape: axes, values: [...content as readonly PickleValue[]] }
}

/** `scalar(dtype, bytes)`, for objects `scalar(dtype, object)`. */
function scalar(machine: Machine, args: readonly Cell[]): Cell {
  const [dtype, content] = args
  if (!isKind(dtype, 'dtype') || content === undefined) throw badArguments(machine, 'numpy.scalar', args)
  if (dtype.dtype.holds === 'objects') return content
  const bytes = typeof content === 'string' ? fromLatin1(machine, content) : content
  if (!(bytes instanceof Uint8Array)) throw badArguments(machine, 'numpy.scalar', args)
  const [value] = denseArray({ bytes, dtype: dtype.dtype, shape: [], isFortran: false, at: placeOf(machine, bytes) }, machine.budget).values
  return dtype.dtype.name === '|b1' ? value === 1 : value!
}

/** `_frombuffer(bytes, dtype, shape, order)`, of protocol 5; order `K` comes with the order that the axes of `shape` are turned into. */
function fromBuffer(machine: Machine, args: readonly Cell[]): AnyArray {
  const [bytes, dtype, shape, order, axisOrder = null] = args
  const isKnown = order === 'C' || order === 'F' || (order === 'K' && Array.isArray(axisOrder))
  if (!(bytes instanceof Uint8Array) || !isKind(dtype, 'dtype') || dtype.dtype.holds === 'objects' || !Array.isArray(shape) || !isKnown) {
    throw badArguments(machine, 'numpy._frombuffer', args)
  }
  const lying = { bytes, dtype: dtype.dtype, shape: sizes(machine, shape), at: placeOf(machine, bytes) }
  if (order !== 'K') return denseArray({ ...lying, isFortran: order === 'F' }, machine.budget)
  const axes = axisOrder as readonly number[]
  const dense = denseArray({ ...lying, isFortran: false }, machine.budget)
  if (axes.length !== lying.shape.length || !lying.shape.every((_, axis) => axes.includes(axis))) throw badArguments(machine, 'numpy._frombuffer', args)
  const strides = denseStrides(lying.shape, false)
  return ndArray({ ...lying, shape: axes.map((axis) => dense.shape[axis]!), strides: axes.map((axis) => strides[axis]!), first: 0 }, machine.budget)
}

function isArray(cell: Cell): cell is AnyArray {
  return isKind(cell, 'ndarray') || isKind(cell, 'ndtexts') || isKind(cell, 'ndobjects')
}

/** A shape of its own: the tuple may lie in the memo. */
function sizes(machine: Machine, shape: readonly Cell[]): readonly number[] {
  countCells(shape, fileOffset(machine, machine.opcode))
  return [...shape] as number[]
}

/** Arrays are known by their identity before they have their state: the memo may hold them. */
function become(target: AnyArray, made: AnyArray): void {
  Object.defineProperties(target, Object.getOwnPropertyDescriptors(made))
}
