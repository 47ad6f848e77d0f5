import { FormatError } from './format-error.ts'
import { type Budget, type Element, fileOffset, MI, type Source, where } from './mat-elements.ts'

const arrays = {
  double: Float64Array, single: Float32Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array,
  int32: Int32Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array,
} as const
export type NumericClass = keyof typeof arrays
export type Values = InstanceType<(typeof arrays)[NumericClass]>

/** The numeric class that an element's data is laid out as. */
const layouts: Readonly<Record<number, NumericClass>> = {
  [MI.INT8]: 'int8', [MI.UINT8]: 'uint8', [MI.INT16]: 'int16', [MI.UINT16]: 'uint16', [MI.INT32]: 'int32', [MI.UINT32]: 'uint32',
  [MI.SINGLE]: 'single', [MI.DOUBLE]: 'double', [MI.INT64]: 'int64', [MI.UINT64]: 'uint64',
}

type Wanted = { readonly name: string; readonly dims: readonly number[]; readonly cells: number; readonly budget: Budget }

/**
 * The values of a numeric array. MATLAB stores whole numbers in the smallest integer type that holds them, whatever the class:
 * the element's own type says how they lie, and every value must survive the way into the class. Sizes are checked before anything is allocated.
 */
export function decodeValues(source: Source, element: Element, wanted: Wanted & { type: NumericClass }): Values {
  const { name, type, cells, budget } = wanted
  const layout = layouts[element.type]
  if (layout === undefined) {
    throw new FormatError('E_MAT_ELEMENT', `the data of ${name} has the type ${element.type}, which holds no numbers`, fileOffset(source, element.start))
  }
  mustHold(source, element, wanted, arrays[layout].BYTES_PER_ELEMENT)
  spend(source, element, name, cells * arrays[type].BYTES_PER_ELEMENT, budget)
  const stored = copy(source, element, layout, cells)
  return layout === type ? stored : convert(source, element, stored, wanted)
}

/** One string per row of a char array, whichever of the five ways it is stored in. */
export function decodeText(source: Source, element: Element, wanted: Wanted): string[] {
  const { name, dims, cells, budget } = wanted
  if (dims.length !== 2) throw new FormatError('E_MAT_DIMS', `the text ${name} has ${dims.length} dimensions; 2 are read`, fileOffset(source, element.start))
  if (cells > element.length) throw shortData(source, element, wanted, element.length)
  spend(source, element, name, 16 * cells, budget)
  const units = textUnits(source, element, name)
  if (units.length !== cells) throw shortData(source, element, wanted, units.length)
  const [rows, columns] = [dims[0]!, dims[1]!]
  if (rows === 1) return [units.join('')]
  return Array.from({ length: columns === 0 ? 0 : rows }, (_, row) => Array.from({ length: columns }, (_, column) => units[column * rows + row]!).join(''))
}

/** Characters as stored: code points of UTF-8 and UTF-32, UTF-16 units, bytes as Latin-1. */
function textUnits({ bytes, ...source }: Source, { type, start, length }: Element, name: string): string[] {
  const end = start + length
  switch (type) {
    case MI.UTF8: return Array.from(bytes.toString('utf8', start, end))
    case MI.INT8:
    case MI.UINT8: return bytes.toString('latin1', start, end).split('')
    case MI.UINT16:
    case MI.UTF16: return bytes.toString('utf16le', start, end).split('')
    case MI.UTF32: return Array.from({ length: Math.floor(length / 4) }, (_, at) => codePoint(bytes.readUInt32LE(start + 4 * at)))
    default: throw new FormatError('E_MAT_ELEMENT', `the text ${name} has the type ${type}, which holds no characters`, fileOffset({ bytes, ...source }, start))
  }
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '�'
}

function mustHold(source: Source, element: Element, wanted: Wanted, width: number): void {
  if (element.length !== wanted.cells * width) throw shortData(source, element, wanted, element.length / width)
}

function shortData(source: Source, element: Element, { name, dims, cells }: Wanted, found: number): FormatError {
  const holds = `its data at ${where(source, element.start)} holds ${Number(found.toFixed(2))}`
  return new FormatError('E_MAT_LENGTH', `${name} is ${dims.join(' x ')} = ${cells} values, ${holds}`, fileOffset(source, element.start))
}

function spend(source: Source, element: Element, name: string, bytes: number, budget: Budget): void {
  if (bytes > budget.left) throw new FormatError('E_MAT_LARGE', `${name} takes ${bytes} bytes, ${budget.left} are allowed`, fileOffset(source, element.start))
  budget.left -= bytes
}

/** A typed array of its own, on its own alignment. Hosts are little-endian, as the files are. */
function copy({ bytes }: Source, { start, length }: Element, layout: NumericClass, cells: number): Values {
  const values = new arrays[layout](cells)
  new Uint8Array(values.buffer).set(bytes.subarray(start, start + length))
  return values
}

function convert(source: Source, element: Element, stored: Values, { name, type, cells }: Wanted & { type: NumericClass }): Values {
  const values = new arrays[type](cells)
  const isBig = values instanceof BigInt64Array || values instanceof BigUint64Array
  for (let cell = 0; cell < cells; cell++) {
    const value = stored[cell]!
    if (isBig) values[cell] = typeof value === 'bigint' ? value : BigInt(Number.isInteger(value) ? value : 0)
    else values[cell] = Number(value)
    // Loose on purpose: 3n == 3.
    if (values[cell] != value && !(Number.isNaN(value) && Number.isNaN(values[cell]))) {
      throw new FormatError('E_MAT_VALUE', `${name}: the value ${value} does not fit the class ${type}`, fileOffset(source, element.start))
    }
  }
  return values
}
