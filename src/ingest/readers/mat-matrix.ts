import { FormatError } from './format-error.ts'
import { type Budget, type Element, fileOffset, MI, readElement, type Source, where } from './mat-elements.ts'
import { decodeText, decodeValues, type NumericClass, type Values } from './mat-values.ts'

/** Numbers in column order: element (r, c) is `values[c * dims[0] + r]`. int64 and uint64 are BigInts. */
export type MatNumbers = {
  readonly kind: 'numbers'
  readonly name: string
  readonly class: NumericClass
  readonly isLogical: boolean
  readonly dims: readonly number[]
  readonly values: Values
  readonly imaginary: Values | null
}
/** Text, one string per row. */
export type MatText = { readonly kind: 'text'; readonly name: string; readonly dims: readonly number[]; readonly rows: readonly string[] }
export type MatVariable = MatNumbers | MatText
/** A variable of a class that is not read: its name and what it is. */
export type MatSkipped = { readonly name: string; readonly class: string }

const unread: Readonly<Record<number, string>> = { 1: 'cell', 2: 'struct', 3: 'object', 5: 'sparse', 16: 'function', 17: 'opaque' }
const numeric: Readonly<Record<number, NumericClass>> = {
  6: 'double', 7: 'single', 8: 'int8', 9: 'uint8', 10: 'int16', 11: 'uint16', 12: 'int32', 13: 'uint32', 14: 'int64', 15: 'uint64' }

/** One miMATRIX: flags, dims, name, real part, imaginary part. Classes without numbers or text are named and skipped. */
export function readMatrix(source: Source, matrix: Element, budget: Budget): MatVariable | MatSkipped {
  const end = matrix.start + matrix.length
  if (matrix.length === 0) return { name: '', class: 'empty' }
  const flags = part(source, matrix.start, end, 'the array flags', MI.UINT32, 8)
  const word = source.bytes.readUInt32LE(flags.start)
  const kind = word & 0xff
  if (kind === 17) return { name: readName(source, flags.next, end).name, class: 'opaque' }
  const { dims, next } = readDims(source, flags.next, end)
  const { name, next: data } = readName(source, next, end)
  if (unread[kind] !== undefined || name === '') return { name, class: unread[kind] ?? 'unnamed' }

  const cells = dims.reduce((product, dim) => product * dim, 1)
  const real = readElement(source, data, end, `the data of ${name}`)
  if (kind === 4) return { kind: 'text', name, dims, rows: decodeText(source, real, { name, dims, cells, budget }) }
  const type = numeric[kind]
  if (type === undefined) {
    throw new FormatError('E_MAT_CLASS', `${name} has the array class ${kind}, which MAT 5 does not know`, fileOffset(source, matrix.start))
  }
  const wanted = { name, type, dims, cells, budget }
  const values = decodeValues(source, real, wanted)
  const isComplex = (word & 0x0800) !== 0
  const imaginary = isComplex ? decodeValues(source, readElement(source, real.next, end, `the imaginary part of ${name}`), wanted) : null
  return { kind: 'numbers', name, class: type, isLogical: (word & 0x0200) !== 0, dims, values, imaginary }
}

export function isSkipped(variable: MatVariable | MatSkipped): variable is MatSkipped {
  return !('kind' in variable)
}

function part(source: Source, at: number, end: number, what: string, type: number, least: number): Element {
  const element = readElement(source, at, end, what)
  if (element.type !== type || element.length < least) {
    const found = `type ${element.type} and ${element.length} bytes in place of type ${type} and at least ${least}`
    throw new FormatError('E_MAT_ELEMENT', `${what} at ${where(source, at)}: ${found}`, fileOffset(source, at))
  }
  return element
}

function readDims(source: Source, at: number, end: number): { dims: number[]; next: number } {
  const { start, length, next } = part(source, at, end, 'the dimensions', MI.INT32, 8)
  const dims = Array.from({ length: Math.floor(length / 4) }, (_, axis) => source.bytes.readInt32LE(start + 4 * axis))
  const negative = dims.find((dim) => dim < 0)
  if (negative !== undefined || length % 4 !== 0 || dims.length > 32) {
    const what = negative === undefined ? `${length} bytes of dimensions` : `a dimension of ${negative}`
    throw new FormatError('E_MAT_DIMS', `${what} at ${where(source, at)}`, fileOffset(source, at))
  }
  return { dims, next }
}

function readName(source: Source, at: number, end: number): { name: string; next: number } {
  const { start, length, next } = part(source, at, end, 'the name', MI.INT8, 0)
  return { name: source.bytes.toString('latin1', start, start + Math.min(length, 256)).replace(/\0+$/, ''), next }
}
