import duckdb from '@duckdb/node-bindings'
import type { Value } from './canonical.ts'
import type { ColumnType } from './schema.ts'

/** Rows of a column that are written together: 4-byte words as they are, codes into a list of names, values one by one, or nothing. */
export type ColumnData =
  | { readonly kind: 'words'; readonly type: 'integer' | 'float'; readonly words: Uint32Array; readonly nullWord: number }
  | { readonly kind: 'coded'; readonly names: readonly string[]; readonly codes: Uint32Array }
  | { readonly kind: 'values'; readonly type: ColumnType; readonly values: readonly Value[] }
  | { readonly kind: 'nulls'; readonly type: ColumnType }

/** Between the texts of a list on its way through a vector; no text may contain it. */
export const TEXTS_SEPARATOR = '\u001f'

const { Type } = duckdb
const vectorTypes = {
  text: Type.VARCHAR, texts: Type.VARCHAR, integer: Type.INTEGER, long: Type.BIGINT, float: Type.FLOAT, double: Type.DOUBLE, boolean: Type.BOOLEAN,
}

/** The vector type of a column: lists of text travel as one text, coded text as an ENUM. */
export function vectorType(data: ColumnData): duckdb.LogicalType {
  return data.kind === 'coded' ? duckdb.create_enum_type(data.names) : scalarType(data.type)
}

/** The vector type of single values; lists of text travel as one text. */
export function scalarType(type: ColumnType): duckdb.LogicalType {
  return duckdb.create_logical_type(vectorTypes[type])
}

/** Copies rows [start, start + rows) of a column into a vector of at least as many rows. */
export function fillVector(vector: duckdb.Vector, data: ColumnData, start: number, rows: number): void {
  if (data.kind === 'words') {
    const words = data.words.subarray(start, start + rows)
    copyIn(vector, words)
    if (words.includes(data.nullWord)) copyValidity(vector, rows, (row) => words[row] !== data.nullWord)
  } else if (data.kind === 'coded') copyIn(vector, codeArray(data.names.length).from(data.codes.subarray(start, start + rows)))
  else if (data.kind === 'nulls') copyValidity(vector, rows, null)
  else fillValues(vector, data.type, data.values.slice(start, start + rows))
}

/** Copies values, one by one, into a vector of at least as many rows. */
export function fillValues(vector: duckdb.Vector, type: ColumnType, values: readonly Value[]): void {
  if (type === 'text') values.forEach((value, row) => value !== null && duckdb.vector_assign_string_element(vector, row, value as string))
  else if (type === 'texts') values.forEach((value, row) => duckdb.vector_assign_string_element(vector, row, (value as string[]).join(TEXTS_SEPARATOR)))
  else if (type === 'integer') copyIn(vector, Int32Array.from(values, Number))
  else if (type === 'long') copyIn(vector, BigInt64Array.from(values, (value) => BigInt(Number(value))))
  else if (type === 'float') copyIn(vector, Float32Array.from(values, Number))
  else if (type === 'double') copyIn(vector, Float64Array.from(values, Number))
  else copyIn(vector, Uint8Array.from(values, Number))
  if (values.includes(null)) copyValidity(vector, values.length, (row) => values[row] !== null)
}

/** DuckDB keeps the codes of an ENUM in the smallest unsigned type that holds the number of names. */
function codeArray(names: number): typeof Uint8Array | typeof Uint16Array | typeof Uint32Array {
  return names <= 0xff ? Uint8Array : names <= 0xffff ? Uint16Array : Uint32Array
}

/** Copies numbers, as they lie, to the beginning of a vector. */
export function copyIn(vector: duckdb.Vector, values: Uint8Array | Uint16Array | Uint32Array | Int32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array): void {
  duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
}

/** Says which rows of a vector are there; null = none. */
export function copyValidity(vector: duckdb.Vector, rows: number, isValid: ((row: number) => boolean) | null): void {
  const bits = new Uint8Array(8 * Math.ceil(rows / 64))
  if (isValid !== null) for (let row = 0; row < rows; row++) if (isValid(row)) bits[row >> 3]! |= 1 << (row & 7)
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.length)
}

/** The 4-byte words of a vector, nulls as `nullWord`: a view of DuckDB's memory, to be copied before anything is awaited. */
export function viewWords(vector: duckdb.Vector, rows: number, nullWord: number): Uint32Array {
  const bytes = duckdb.vector_get_data(vector, 4 * rows)
  const view = new Uint32Array(bytes.buffer, bytes.byteOffset, rows)
  const validity = validityOf(vector, rows)
  if (validity === null) return view
  const words = view.slice()
  for (let row = 0; row < rows; row++) if ((validity[row >> 3]! & (1 << (row & 7))) === 0) words[row] = nullWord
  return words
}

/** The values of a vector of a small table, copied out. */
export function takeValues(vector: duckdb.Vector, rows: number, type: ColumnType): Value[] {
  const validity = validityOf(vector, rows)
  const take = taker(vector, rows, type)
  return Array.from({ length: rows }, (_, row) => (validity === null || (validity[row >> 3]! & (1 << (row & 7))) !== 0 ? take(row) : null))
}

function taker(vector: duckdb.Vector, rows: number, type: ColumnType): (row: number) => Value {
  const sizes = { text: 16, texts: 16, integer: 4, long: 8, float: 4, double: 8, boolean: 1 }
  const bytes = duckdb.vector_get_data(vector, sizes[type] * rows)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (type) {
    case 'text': return (row) => takeText(view, 16 * row)
    case 'texts': return (row) => {
      const text = takeText(view, 16 * row)
      return text === '' ? [] : text.split(TEXTS_SEPARATOR)
    }
    case 'integer': return (row) => view.getInt32(4 * row, true)
    case 'long': return (row) => Number(view.getBigInt64(8 * row, true))
    case 'float': return (row) => view.getFloat32(4 * row, true)
    case 'double': return (row) => view.getFloat64(8 * row, true)
    default: return (row) => view.getUint8(row) === 1
  }
}

/** A duckdb_string_t: its length, then the bytes themselves (up to 12) or, after a prefix of 4, a pointer to them. */
function takeText(view: DataView, at: number): string {
  const length = view.getUint32(at, true)
  if (length <= 12) return Buffer.from(view.buffer, view.byteOffset + at + 4, length).toString('utf8')
  return Buffer.from(duckdb.get_data_from_pointer(view.buffer as ArrayBuffer, view.byteOffset + at + 8, length)).toString('utf8')
}

/** One bit per row, 1 = there; null = every row is there. */
function validityOf(vector: duckdb.Vector, rows: number): Uint8Array | null {
  // typed as always there, null when DuckDB keeps no mask
  return duckdb.vector_get_validity(vector, 8 * Math.ceil(rows / 64)) as Uint8Array | null
}
