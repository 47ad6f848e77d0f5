import duckdb from '@duckdb/node-bindings'
import type { Value } from './canonical.ts'
import type { Column } from './schema.ts'
import { type ColumnData, copyIn, copyValidity, fillValues, fillVector, scalarType, vectorType } from './vectors.ts'

/** Rows of a column of lists: numbers in lists of lists of one depth, or lists of records; null = a row without a list. */
export type NestedData =
  | { readonly kind: 'grids'; readonly depth: number; readonly rows: readonly (Grid | null)[] }
  | { readonly kind: 'bytes'; readonly depth: number; readonly rows: readonly (Grid<Uint8Array> | null)[] }
  | { readonly kind: 'records'; readonly fields: readonly Column[]; readonly rows: readonly (readonly (readonly Value[])[] | null)[] }

/** Numbers in row order; `shape` has one length per level of lists. */
export type Grid<Numbers = Float32Array> = { readonly shape: readonly number[]; readonly values: Numbers }

/** The vector type of a column; of lists: FLOAT or UTINYINT in as many lists as it is deep, or a list of structs. */
export function columnType(data: ColumnData | NestedData): duckdb.LogicalType {
  if (!isNested(data)) return vectorType(data)
  if (data.kind === 'records') {
    return duckdb.create_list_type(duckdb.create_struct_type(data.fields.map(({ type }) => scalarType(type)), data.fields.map(({ name }) => name)))
  }
  let type = duckdb.create_logical_type(data.kind === 'grids' ? duckdb.Type.FLOAT : duckdb.Type.UTINYINT)
  for (let level = 0; level < data.depth; level++) type = duckdb.create_list_type(type)
  return type
}

/** Copies rows [start, start + rows) of a column into a vector of at least as many rows. */
export function fillColumn(vector: duckdb.Vector, data: ColumnData | NestedData, start: number, rows: number): void {
  if (!isNested(data)) return fillVector(vector, data, start, rows)
  if (data.kind === 'records') return fillRecords(vector, data.fields, data.rows.slice(start, start + rows))
  const grids = data.rows.slice(start, start + rows)
  let leaf = fillLengths(vector, grids.map((grid) => grid?.shape[0] ?? 0))
  if (grids.includes(null)) copyValidity(vector, rows, (row) => grids[row] !== null)
  for (let level = 1; level < data.depth; level++) {
    leaf = fillLengths(leaf, grids.flatMap((grid) => (grid === null ? [] : Array<number>(product(grid.shape.slice(0, level))).fill(grid.shape[level]!))))
  }
  const values = data.kind === 'grids' ? new Float32Array(cellsOf(grids)) : new Uint8Array(cellsOf(grids))
  let at = 0
  for (const grid of grids) {
    if (grid === null) continue
    values.set(grid.values, at)
    at += grid.values.length
  }
  copyIn(leaf, values)
}

function isNested(data: ColumnData | NestedData): data is NestedData {
  return data.kind === 'grids' || data.kind === 'bytes' || data.kind === 'records'
}

/** Makes lists of so many elements, one after the other, and answers the vector of their elements. */
function fillLengths(vector: duckdb.Vector, lengths: readonly number[]): duckdb.Vector {
  const entries = new BigUint64Array(2 * lengths.length)
  let at = 0
  for (const [row, length] of lengths.entries()) {
    entries[2 * row] = BigInt(at)
    entries[2 * row + 1] = BigInt(length)
    at += length
  }
  duckdb.list_vector_reserve(vector, at)
  duckdb.list_vector_set_size(vector, at)
  copyIn(vector, entries)
  return duckdb.list_vector_get_child(vector)
}

function fillRecords(vector: duckdb.Vector, fields: readonly Column[], rows: readonly (readonly (readonly Value[])[] | null)[]): void {
  const records = rows.flatMap((row) => row ?? [])
  const struct = fillLengths(vector, rows.map((row) => row?.length ?? 0))
  if (rows.includes(null)) copyValidity(vector, rows.length, (row) => rows[row] !== null)
  for (const [at, { type }] of fields.entries()) fillValues(duckdb.struct_vector_get_child(struct, at), type, records.map((record) => record[at]!))
}

function cellsOf(grids: readonly (Grid<Float32Array | Uint8Array> | null)[]): number {
  return grids.reduce((sum, grid) => sum + (grid?.values.length ?? 0), 0)
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((all, length) => all * length, 1)
}
