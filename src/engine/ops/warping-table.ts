import { node, oneOf, options, positive } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { concat } from './concat.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { constant } from './input.ts'
import { log } from './log.ts'
import { min } from './min.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { pad } from './pad.ts'
import { reshape } from './reshape.ts'
import { scan } from './scan.ts'
import { slice } from './slice.ts'
import { softmax } from './softmax.ts'
import { squeeze } from './squeeze.ts'
import { stack } from './stack.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'
import { withGradient } from './with-gradient.ts'

export type WarpingOptions = {
  /** How soft the choice between ways is: 0.1 in LAV and GTA; towards 0 it becomes dynamic time warping. */
  readonly gamma: number
  /** What three ways x count together: `minimum` = -gamma log sum exp(-x / gamma), soft-DTW; `mean` = their mean weighted by softmax(-x / gamma), GTA's `dtw_prob`. */
  readonly relaxation?: 'minimum' | 'mean'
}

/** What counts as no way, in units of gamma. */
const FAR = 1e8

/**
 * Soft costs [B, N, M] of the best paths from cell (1, 1) to each cell of `distances` [B, N, M], by steps down, right or both: R_ij = d_ij + soft min(R_(i-1)j, R_i(j-1), R_(i-1)(j-1)).
 * One step of a scan per anti-diagonal, also of the derivative, which is in closed form. A distance counts as at most 1e8 gamma: infinite ones close cells.
 * Cuturi & Blondel, Soft-DTW, ICML 2017; Hadji et al., Representation Learning via Global Temporal Alignment (GTA), CVPR 2021.
 */
export const warpingTable = checked('warpingTable', {
  distances: node, options: options({ gamma: positive, relaxation: oneOf('minimum', 'mean') }, ['gamma']),
}, (distances: Node, { gamma, relaxation = 'minimum' }: WarpingOptions): Node => {
  if (distances.shape.length !== 3 || distances.shape.includes(0)) throw shapeError('warpingTable', 'it is not [B, N, M], 1 or more of each', distances)
  const columns = distances.shape[2]!
  const start = startOf(distances)
  const found = diagonals(skewed(minimum(div(distances, gamma), FAR), FAR), start, relaxation)
  const table = mul(unskewed(slice(found, 2, 1), columns), gamma)
  return withGradient('warpingTable', table, [distances], (upstream) => {
    const slopes = slopesOf(slice(concat([start, found], 0), 0, 0, -1), relaxation)
    return [unskewed(arriving(skewed(upstream, 0), slopes), columns)]
  })
})

/** [B, N, M] -> [K, B, N], K = N + M - 1: cell (i, j) at diagonal i + j and place i, `value` where a diagonal has no cell. */
function skewed(x: Node, value: number): Node {
  const [batch, rows, columns] = x.shape as [number, number, number]
  const count = rows + columns - 1
  const flat = reshape(pad(x, 2, 0, rows, { value }), [batch, rows * (count + 1)])
  return transpose(reshape(slice(flat, 1, 0, rows * count), [batch, rows, count]), [2, 0, 1])
}

/** [K, B, N] -> [B, N, M]. */
function unskewed(x: Node, columns: number): Node {
  const [count, batch, rows] = x.shape as [number, number, number]
  const flat = reshape(transpose(x, [1, 2, 0]), [batch, rows * count])
  return slice(reshape(pad(flat, 1, 0, rows), [batch, rows, count + 1]), 2, 0, columns)
}

/** The two diagonals [2, B, N + 1] before the first: the corner before cell (1, 1) costs nothing, all else is no way. */
function startOf({ shape: [batch, rows] }: Node): Node {
  const data = new Float32Array(2 * batch! * (rows! + 1)).fill(FAR)
  for (let b = 0; b < batch!; b++) data[b * (rows! + 1)] = 0
  return constant({ shape: [2, batch!, rows! + 1], data })
}

/** All diagonals [K, B, N + 1], place 0 before the first row, of costs [K, B, N]. */
function diagonals(costs: Node, start: Node, relaxation: WarpingOptions['relaxation']): Node {
  const border = constant({ shape: [1, start.shape[1]!, 1], data: new Float32Array(start.shape[1]!).fill(FAR) })
  const pairs = scan({ initial: start, sequences: [costs] }, (state, cost) => {
    const here = add(cost!, softened(waysOf(state), relaxation))
    return concat([slice(state, 0, 1, 2), concat([border, here], 2)], 0)
  })
  return squeeze(slice(pairs, 1, 1), [1])
}

/** Of diagonals [T + 1, B, N + 1], for each after the second and the one that follows, what comes from above, from the left and from both: [3, T, B, N]. */
function waysOf(rows: Node): Node {
  const [before, last] = [slice(rows, 0, 0, -1), slice(rows, 0, 1)]
  return stack([slice(last, 2, 0, -1), slice(last, 2, 1), slice(before, 2, 0, -1)], 0)
}

function softened(ways: Node, relaxation: WarpingOptions['relaxation']): Node {
  const least = min(ways, [0], { keepDims: true })
  const powers = exp(sub(least, ways))
  const total = sum(powers, [0])
  return relaxation === 'mean' ? div(sum(mul(powers, ways), [0]), total) : sub(squeeze(least, [0]), log(total))
}

/** The derivatives [K, 3, B, N] of each cell by the three before it. */
function slopesOf(rows: Node, relaxation: WarpingOptions['relaxation']): Node {
  const ways = waysOf(rows)
  const shares = softmax(neg(ways), 0)
  const middle = sum(mul(shares, ways), [0], { keepDims: true })
  return transpose(relaxation === 'mean' ? mul(shares, add(1, sub(middle, ways))) : shares, [1, 0, 2, 3])
}

/** The whole derivative [K, B, N] that arrives at each cell: its own and what the cells after it send back. */
function arriving(upstream: Node, slopes: Node): Node {
  const [, batch, rows] = upstream.shape as [number, number, number]
  // a state is what arrives at this diagonal, and what it and those after it send to the two before
  const none = constant({ shape: [3, batch, rows], data: new Float32Array(3 * batch * rows) })
  const states = scan({ initial: none, sequences: [upstream, slopes], reverse: true }, (state, own, slope) => {
    const here = add(slice(state, 0, 1, 2), own!)
    const sent = mul(here, slope!)
    const up = slice(pad(sent, 2, 0, 1), 2, 1)
    const toLast = add(add(slice(state, 0, 2, 3), slice(up, 0, 0, 1)), slice(sent, 0, 1, 2))
    return concat([here, toLast, slice(up, 0, 2, 3)], 0)
  })
  return squeeze(slice(states, 1, 0, 1), [1])
}
