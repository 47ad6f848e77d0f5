import { FormatError } from './format-error.ts'

/** Numbers in row order, whatever order, width and byte order the file has. */
export type NpyArray = { readonly dtype: string; readonly shape: readonly number[]; readonly values: Float64Array }

/** The most that one file may unpack to, unless the caller says otherwise. */
const MAX_BYTES = 64 * 2 ** 20

type Get = (view: DataView, at: number, little: boolean) => number
const getters: Readonly<Record<string, Get>> = {
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => safe(view.getBigInt64(at, little), at),
  u8: (view, at, little) => safe(view.getBigUint64(at, little), at),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
}

/**
 * Reads an array of one or two dimensions of booleans, integers or floats: numpy.lib.format versions 1 to 3. Whatever the bytes are, it answers or throws
 * FormatError.
 */
export function readNpy(bytes: Uint8Array, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { text, start } = readHeader(bytes, view)
  const dtype = field(text, /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/, 'descr')
  const isFortran = field(text, /['"]fortran_order['"]\s*:\s*(True|False)/, 'fortran_order') === 'True'
  const shape = field(text, /['"]shape['"]\s*:\s*\(([^)]*)\)/, 'shape').split(',').map((part) => part.trim()).filter((part) => part !== '').map(Number)
  const [order, kind] = [dtype[0]!, dtype.slice(1)]
  const get = getters[kind]
  if (get === undefined || !'<>|='.includes(order)) {
    throw new FormatError('E_NPY_DTYPE', `an array of dtype "${dtype}"; booleans, integers and floats are read`, 10)
  }
  if (shape.length < 1 || shape.length > 2 || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new FormatError('E_NPY_SHAPE', `an array of shape (${shape.join(', ')}); one or two dimensions are read`, 10)
  }
  const width = Number(kind.slice(1))
  const cells = shape.reduce((product, size) => product * size, 1)
  if (bytes.length - start !== cells * width) {
    throw new FormatError('E_NPY_LENGTH', `${shape.join(' x ')} values of ${width} bytes are ${cells * width}, the file has ${bytes.length - start}`, start)
  }
  if (cells * 8 > maxBytes) throw new FormatError('E_NPY_LARGE', `${cells} values take ${cells * 8} bytes, ${maxBytes} are allowed`, start)
  const values = Float64Array.from({ length: cells }, (_, cell) => get(view, start + cell * width, order !== '>'))
  return { dtype, shape, values: isFortran && shape.length === 2 ? toRowOrder(values, shape[0]!, shape[1]!) : values }
}

/** Magic, version, length of the header, and the header: a Python dict as text. */
function readHeader(bytes: Uint8Array, view: DataView): { text: string; start: number } {
  if (bytes.length < 10 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== '\x93NUMPY') {
    throw new FormatError('E_NPY_NOT_NPY', 'not an .npy file: it does not begin with \\x93NUMPY', 0)
  }
  const version = view.getUint8(6)
  if (version < 1 || version > 3) throw new FormatError('E_NPY_VERSION', `.npy version ${version}; 1 to 3 are read`, 6)
  if (version > 1 && bytes.length < 12) throw new FormatError('E_NPY_SHORT', `a header length at byte 8 in a file of ${bytes.length} bytes`, 8)
  const [length, at] = version === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12]
  if (at + length > bytes.length) throw new FormatError('E_NPY_SHORT', `a header of ${length} bytes, ${bytes.length - at} are left`, at)
  return { text: Buffer.from(bytes.subarray(at, at + Math.min(length, 65536))).toString('utf8'), start: at + length }
}

function field(header: string, pattern: RegExp, name: string): string {
  const match = pattern.exec(header)
  if (match === null) throw new FormatError('E_NPY_HEADER', `no plain ${name} in the header ${JSON.stringify(header.slice(0, 80).trimEnd())}`, 10)
  return match[1]!
}

function safe(value: bigint, at: number): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new FormatError('E_NPY_VALUE', `the integer ${value} at byte ${at} is beyond 2^53`, at)
  return number
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = bits >> 15 === 1 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

function toRowOrder(values: Float64Array, rows: number, columns: number): Float64Array {
  return values.map((_, cell) => values[(cell % columns) * rows + Math.floor(cell / columns)]!)
}
