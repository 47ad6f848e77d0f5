import { FormatError } from './format-error.ts'
import type { Dtype } from './npy-dtype.ts'

/**
 * Booleans (0 and 1), integers or floats of numpy or torch; `dtype` as numpy writes it: `<f2`, `|b1`, `>i4`. `values`, in row order, are made when they are
 * read and let go when nobody holds them any more. What float32 holds exactly (integers of 16 bits, float16, float32) is a Float32Array, all else a
 * Float64Array.
 */
export type NdArray = { readonly kind: 'ndarray'; readonly dtype: string; readonly shape: readonly number[]; readonly values: Float32Array | Float64Array }

/** Text of fixed width (`<U12`, and `|S3` as Latin-1) without the zeros it is padded with, in row order. */
export type NdTexts = { readonly kind: 'ndtexts'; readonly dtype: string; readonly shape: readonly number[]; readonly values: readonly string[] }

/** Bytes that may still be made out of a file, of `most`; `code` is the error when there are no more. */
export type Budget = { left: number; readonly most: number; readonly code: string }

/** Cells as they lie: `strides` in cells, axis by axis; cell `first` of `bytes` is the one at index 0. */
export type Cells = {
  readonly bytes: Uint8Array
  readonly dtype: Exclude<Dtype, { holds: 'objects' }>
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly first: number
  /** The byte of the file to name when something is wrong with them. */
  readonly at: number
}

/** numpy's NPY_MAXDIMS. */
const MAX_AXES = 64

/** Takes `bytes` off the budget. Throws FormatError when that many are not left. */
export function spend(budget: Budget, bytes: number, at: number): void {
  budget.left -= bytes
  if (budget.left < 0) throw new FormatError(budget.code, `what the file unpacks to takes more than the ${budget.most} bytes allowed (byte ${at})`, at)
}

/** How many cells a shape has. Throws FormatError when it is no list of at most 64 counts. */
export function countCells(shape: readonly unknown[], at: number): number {
  const isShape = shape.length <= MAX_AXES && shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
  if (!isShape) {
    const shown = [...shape.slice(0, MAX_AXES).map(sizeText), ...(shape.length > MAX_AXES ? ['...'] : [])].join(', ')
    throw new FormatError('E_NDARRAY_SHAPE', `an array of shape (${shown}) at byte ${at}`, at)
  }
  return shape.includes(0) ? 0 : (shape as readonly number[]).reduce((product, size) => product * size, 1)
}

/** The strides of a shape whose last axis (in Fortran order, first axis) is the nearest. */
export function denseStrides(shape: readonly number[], isFortran: boolean): number[] {
  const strides = shape.map(() => 0)
  let stride = 1
  for (let step = 0; step < shape.length; step++) {
    const axis = isFortran ? step : shape.length - 1 - step
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

/** An array whose bytes hold its cells one after another and nothing else. Throws FormatError when there are more or fewer of them. */
export function denseArray(cells: Omit<Cells, 'strides' | 'first'> & { isFortran: boolean }, budget: Budget): NdArray | NdTexts {
  const { bytes, dtype, shape, at } = cells
  const wanted = countCells(shape, at) * dtype.width
  if (bytes.length !== wanted) {
    const values = `an array of shape (${shape.join(', ')}) and ${dtype.width} bytes a cell`
    throw new FormatError('E_NDARRAY_LENGTH', `${values} takes ${wanted} bytes, at byte ${at} are ${bytes.length}`, at)
  }
  return ndArray({ ...cells, strides: denseStrides(shape, cells.isFortran), first: 0 }, budget)
}

/**
 * An array over bytes, which are not copied. Throws FormatError, here and never later: when cells lie outside the bytes, when an integer is beyond 2^53 or a
 * text holds a number that is no character, when the cells take more than is left of the budget.
 */
export function ndArray(cells: Cells, budget: Budget): NdArray | NdTexts {
  const { bytes, dtype, shape, strides, first, at } = cells
  const count = countCells(shape, at)
  spend(budget, 512 + count * (dtype.holds === 'texts' ? dtype.width + 32 : dtype.isSingle ? 4 : 8), at)
  const last = first + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 0)
  if (count > 0 && (last + 1) * dtype.width > bytes.length) {
    throw new FormatError('E_NDARRAY_LENGTH', `an array whose last cell is cell ${last} of ${Math.floor(bytes.length / dtype.width)} at byte ${at}`, at)
  }
  return dtype.holds === 'texts' ? ndTexts(cells, count, dtype.get) : ndNumbers(cells, count, dtype)
}

function ndTexts(cells: Cells, count: number, get: (view: DataView, at: number) => string | null): NdTexts {
  const { dtype, shape, at } = cells
  const view = viewOf(cells)
  const values: string[] = []
  walk(cells, count, (cell, from) => { values.push(get(view, from * dtype.width) ?? noText(cell, at)) })
  return { kind: 'ndtexts', dtype: dtype.name, shape, values }
}

function ndNumbers(cells: Cells, count: number, { name, width, isSingle, get }: Extract<Dtype, { holds: 'numbers' }>): NdArray {
  const view = viewOf(cells)
  const read = kept(() => {
    const values = isSingle ? new Float32Array(count) : new Float64Array(count)
    walk(cells, count, (cell, from) => {
      const value = get(view, from * width)
      values[cell] = typeof value === 'bigint' ? safe(value, cell, cells.at) : value
    })
    return values
  })
  if (/[iu]8$/.test(name)) read()
  return { kind: 'ndarray', dtype: name, shape: cells.shape, get values() { return read() } }
}

function viewOf({ bytes }: Cells): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Makes values once for as long as somebody holds them. */
function kept<Values extends object>(make: () => Values): () => Values {
  let last: WeakRef<Values> | null = null
  return () => {
    const values = last?.deref() ?? make()
    if (last?.deref() === undefined) last = new WeakRef(values)
    return values
  }
}

/** Visits the cells in row order: the last axis turns fastest. */
function walk({ shape, strides, first }: Cells, count: number, visit: (cell: number, from: number) => void): void {
  const index = shape.map(() => 0)
  for (let cell = 0, from = first; cell < count; cell++) {
    visit(cell, from)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
}

function safe(value: bigint, cell: number, at: number): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new FormatError('E_NDARRAY_VALUE', `the integer ${value} in cell ${cell} of the array at byte ${at} is beyond 2^53`, at)
}

function noText(cell: number, at: number): never {
  throw new FormatError('E_NDARRAY_VALUE', `cell ${cell} of the array of text at byte ${at} holds a number that is no character`, at)
}

function sizeText(size: unknown): string {
  return typeof size === 'number' || typeof size === 'bigint' ? String(size) : typeof size
}
