import { node, optional, options } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { arange } from './arange.ts'
import { equal } from './compare.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/** The rows [B] and columns [B] that each pair of sequences has of those of a table. */
export type WarpingLengths = { readonly rows: Node; readonly columns: Node }

/** What a `warpingTable` [B, N, M] says of the whole of two sequences each: its last cell [B], or that at the `lengths`, of which 0 gives 0; what lies behind them counts nothing. */
export const warpingCost = checked('warpingCost', {
  table: node, lengths: optional(options({ rows: node, columns: node }, ['rows', 'columns'])),
}, (table: Node, lengths?: WarpingLengths): Node => {
  if (table.shape.length !== 3 || table.shape.includes(0)) throw shapeError('warpingCost', 'it is not [B, N, M], 1 or more of each', table)
  const [batch, rows, columns] = table.shape as [number, number, number]
  if (lengths === undefined) return reshape(slice(slice(table, 1, -1), 2, -1), [batch])
  const wrong = [lengths.rows, lengths.columns].filter(({ shape }) => shape.join() !== String(batch))
  if (wrong.length > 0) throw shapeError('warpingCost', `the lengths are not [${batch}]`, table, ...wrong)
  const last = mul(isLast(lengths.rows, [1, rows, 1]), isLast(lengths.columns, [1, 1, columns]))
  return sum(where(last, table, 0), [1, 2])
})

/** 1 at the last place of each length [B] along the axis of `shape` that is longer than 1. */
function isLast(length: Node, shape: readonly [number, number, number]): Node {
  return equal(reshape(arange(shape[1] * shape[2]), shape), reshape(sub(length, 1), [length.shape[0]!, 1, 1]))
}
