import { createMemory, instantiateKernel, wasmPage } from '../../wasm.ts'
import type { Distances } from './distances.ts'

/** What kernels/alignment.ts exports; places in bytes. */
type Functions = {
  nearest(values: number, rows: number, columns: number, out: number): void
  path(values: number, rows: number, columns: number, costs: number, a: number, b: number): number
  softMatch(values: number, rows: number, columns: number, unit: number, out: number): void
  expected(weights: number, rows: number, columns: number, out: number): void
}

const memory = createMemory(wasmPage)
let functions: Functions | null = null

/** The kernel with the table at its beginning and so many bytes of room behind it. */
function withTable({ rows, columns, values }: Distances, bytes: number): { readonly run: Functions; readonly behind: number } {
  functions ??= instantiateKernel<Functions>('alignment', memory)
  const behind = 8 * rows * columns
  const missing = behind + bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
  new Float64Array(memory.buffer, 0, values.length).set(values)
  return { run: functions, behind }
}

/** For each row the column of its smallest value, the first one on ties. */
export function nearestColumns(table: Distances): Int32Array {
  const { run, behind } = withTable(table, 4 * table.rows)
  run.nearest(0, table.rows, table.columns, behind)
  return new Int32Array(memory.buffer, behind, table.rows).slice()
}

/**
 * The cheapest monotone path through a table from its first to its last cell: cost[i, j] = value[i, j] + min(cost[i - 1, j - 1], cost[i - 1, j], cost[i, j - 1]); on the way back diagonal steps first
 * on ties, then those of the rows.
 */
export function cheapestPath(table: Distances): { readonly a: Int32Array; readonly b: Int32Array } {
  const { rows, columns } = table
  const most = rows + columns - 1
  const { run, behind } = withTable(table, 8 * rows * columns + 8 * most)
  const [a, b] = [2 * behind, 2 * behind + 4 * most]
  const first = run.path(0, rows, columns, behind, a, b)
  return { a: new Int32Array(memory.buffer, a + 4 * first, most - first).slice(), b: new Int32Array(memory.buffer, b + 4 * first, most - first).slice() }
}

/** The softmax of -value / unit over each row, [rows, columns]: weights e^((least of the row - value) / unit), summed from the first column on, divided by their sum. */
export function softRows(table: Distances, unit: number): Float64Array {
  const { run, behind } = withTable(table, 8 * table.values.length)
  run.softMatch(0, table.rows, table.columns, unit, behind)
  return new Float64Array(memory.buffer, behind, table.values.length).slice()
}

/** The column that each row of such shares is expected at: sum over j of share x j. */
export function softColumns(table: Distances, unit: number): Float64Array {
  const { run, behind } = withTable(table, 8 * table.values.length + 8 * table.rows)
  run.softMatch(0, table.rows, table.columns, unit, behind)
  run.expected(behind, table.rows, table.columns, 2 * behind)
  return new Float64Array(memory.buffer, 2 * behind, table.rows).slice()
}
