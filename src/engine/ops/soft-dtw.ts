import { node, options, positive } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { warpingCost, type WarpingLengths } from './warping-cost.ts'
import { warpingTable } from './warping-table.ts'

/**
 * Soft dynamic time warping [B] of distances [B, N, M] between the frames of two sequences each: -gamma log sum over all paths of exp(-cost / gamma), in which a path goes from the
 * first to the last cell by steps down, right or both. What lies behind `lengths` counts nothing. The derivative is in closed form (`warpingTable`). Cuturi & Blondel, ICML 2017.
 */
export const softDtw = checked('softDtw', {
  distances: node, options: options({ gamma: positive, lengths: options({ rows: node, columns: node }, ['rows', 'columns']) }, ['gamma']),
}, (distances: Node, { gamma, lengths }: { readonly gamma: number; readonly lengths?: WarpingLengths }): Node => {
  return warpingCost(warpingTable(distances, { gamma }), lengths)
})
