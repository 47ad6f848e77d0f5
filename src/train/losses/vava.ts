import {
  abs, add, arange, argMax, argMin, clamp, constant, div, exp, floor, greater, matmul, maximum, mean, mul, type Node, pow, reshape, slice, softplus, sqrt, square, sub, sum, takeAlong, transpose, where,
} from '../../engine/index.ts'
import type { Nodes } from '../../models/index.ts'
import type { Loss } from './loss.ts'
import { meanPerRow, squaredDistances, type View, viewsOf } from './pairs.ts'
import { equalShares, sinkhorn, withVirtual } from './transport.ts'

export type VavaOptions = {
  /** Of Sinkhorn's. VAVA: 20. */
  readonly iterations: number
  /** Weight of the structure that the plan should have, times N + M frames. VAVA: 1. */
  readonly lambda1: number
  /** Weight of the divergence from the prior, times N M / 4. VAVA: 0.1. */
  readonly lambda2: number
  /** Frames that the virtual ones are taken to lie from the diagonal. VAVA: 5. */
  readonly virtualDistance: number
  /** Cost of a frame matched to the virtual one. VAVA: 0.5. */
  readonly zeta: number
  /** Deviation of the priors, in 1 / sqrt(1 / N^2 + 1 / M^2). VAVA: 2. */
  readonly delta: number
  /** Share of the prior along the diagonal, the rest is that around each frame's nearest: at the first step. VAVA: 0.999. */
  readonly phi: number
  /** `with-steps`: the share is phi^floor(sqrt(step)), 0.001 to 0.999, as VAVA's (its steps are counted from 0, and one is added); `never`: phi all along. */
  readonly falling: 'with-steps' | 'never'
  /** Mean squared difference that frames further than `window` apart within a view should have. VAVA: 2. */
  readonly margin: number
  /** Frames. VAVA: 15. */
  readonly window: number
  /** Weight of the two views' own contrastive terms. VAVA: 0.5. */
  readonly intra: number
  /** Weight of the contrastive term between the views, and what its distances are divided by. VAVA: 0.0001 and 0.5. */
  readonly inter: number
  readonly temperature: number
}

/**
 * Optimal transport between two views with a virtual frame each, whose plan leans towards the diagonal and towards each frame's nearest; frames of one view apart in time pushed apart; nearest
 * frames of the views nearer than furthest ones. Mean over clips; padding weighs nothing. The derivative flows through the iterations. As released, which its author calls from memory and
 * untested (`vava.py`): the nearest frame's place is one short of its own beside the virtual frame, and the transport is divided by (N + 1)(M + 1) N M. Views of different lengths, which end
 * the release, are averaged each by itself. Liu et al., Learning to Align Sequential Actions in the Wild, CVPR 2022.
 */
export function vava(options: VavaOptions): Loss {
  const loss: Loss = ({ projection }, batch) => {
    const { first, second } = viewsOf(projection, batch)
    const { cost, affinity } = transport(first, second, phiAt(batch, options), options)
    const pairs = mul(framesOf(first), framesOf(second))
    const within = mul(add(spread(first, options), spread(second, options)), options.intra)
    return mean(add(add(div(cost, pairs), within), mul(contrast(first, second, affinity, options), options.inter)), [0])
  }
  return Object.assign(loss, { told: options.falling === 'never' ? [] : ['step' as const] })
}

/** The share of the diagonal at a step. */
function phiAt(batch: Nodes, { phi, falling }: VavaOptions): Node {
  return falling === 'never' ? constant(phi) : clamp(pow(constant(phi), floor(sqrt(batch['step']!))), 0.001, 0.999)
}

/** The transport's cost [B], over (N + 1)(M + 1), and K D of real frames [B, n, m], the kernel times the squared distances, whose largest and least places are the nearest and furthest. */
function transport(first: View, second: View, phi: Node, options: VavaOptions): { cost: Node; affinity: Node } {
  const { iterations, lambda1, lambda2, zeta } = options
  const distance = squaredDistances(first.projection, second.projection)
  const [rows, columns] = [withVirtual(first.mask, [1], 1), withVirtual(second.mask, [1], 1)]
  const [n, m] = [cells(framesOf(first)), cells(framesOf(second))]
  const { prior, structure } = priors(distance, second.mask, { n: add(n, 1), m: add(m, 1), phi }, options)
  const costs = withVirtual(distance, [1, 2], zeta)
  const wanted = sub(mul(structure, mul(add(n, m), lambda1)), costs)
  const real = mul(reshape(rows, [...rows.shape, 1]), reshape(columns, [rows.shape[0]!, 1, rows.shape[1]!]))
  const kernel = mul(clamp(mul(prior, exp(div(wanted, mul(mul(n, m), lambda2 / 4)))), 1e-15, 1e20), real)
  const weighed = mul(kernel, costs)
  // as released the columns come first, and the rows are exact
  const { u: v, v: u } = sinkhorn(transpose(kernel, [0, 2, 1]), { rows: equalShares(columns), columns: equalShares(rows), iterations: iterations + 1 })
  const cost = div(sum(mul(u, matmul(weighed, v)), [1, 2]), reshape(mul(add(n, 1), add(m, 1)), [rows.shape[0]!]))
  const frames = rows.shape[1]!
  return { cost, affinity: slice(slice(weighed, 1, 1, frames), 2, 1, frames) }
}

/** Over pairs of places [B, T + 1, T + 1], the virtual frame first: a Gaussian and 1 / (d^2 + 1) of how far a pair lies from the diagonal and from the row's nearest frame, mixed by `phi`. */
function priors(distance: Node, columns: Node, { n, m, phi }: { readonly n: Node; readonly m: Node; readonly phi: Node }, { virtualDistance, delta }: VavaOptions): { prior: Node; structure: Node } {
  const [clips, rows] = distance.shape as [number, number, number]
  const [i, j] = [div(reshape(arange(rows + 1, { start: 1 }), [1, rows + 1, 1]), n), div(reshape(arange(rows + 1, { start: 1 }), [1, 1, rows + 1]), m)]
  const hidden = mul(sub(1, reshape(columns, [clips, 1, columns.shape[1]!])), 1e30)
  const nearest = withVirtual(add(argMin(add(distance, hidden), 2), 1), [1], 1)
  const [fromDiagonal, fromNearest] = [abs(sub(i, j)), abs(sub(j, div(reshape(nearest, [clips, rows + 1, 1]), m)))]
  const scale = sqrt(add(div(1, square(n)), div(1, square(m))))
  const gaussian = (d: Node): Node => mul(exp(mul(square(div(d, scale)), -1 / (2 * delta ** 2))), 1 / (delta * Math.sqrt(2 * Math.PI)))
  const peak = (d: Node): Node => div(1, add(square(d), 1))
  const farOff = div(3 * virtualDistance, add(n, m))
  const mixed = (of: (d: Node) => Node): Node => where(besideVirtual(rows + 1), of(farOff), add(mul(of(fromDiagonal), phi), mul(of(fromNearest), sub(1, phi))))
  return { prior: mixed(gaussian), structure: mixed(peak) }
}

/** 1 in the first row and the first column but for where they meet, [1, places, places]. */
function besideVirtual(places: number): Node {
  return constant({ shape: [1, places, places], data: Float32Array.from({ length: places ** 2 }, (_, k) => Number((k < places) !== (k % places === 0))) })
}

/** Within one view [B]: mean squared differences weighed by 1 / (d^2 + 1) up to `window` frames apart, what they lack to `margin` beyond; mean over all pairs. */
function spread({ projection, mask }: View, { margin, window }: VavaOptions): Node {
  const [clips, frames, depth] = projection.shape as [number, number, number]
  const apart = abs(sub(reshape(arange(frames), [frames, 1]), reshape(arange(frames), [1, frames])))
  const difference = div(squaredDistances(projection, projection), depth)
  const terms = where(greater(apart, window), maximum(sub(margin, difference), 0), div(difference, add(square(apart), 1)))
  const real = mul(reshape(mask, [clips, frames, 1]), reshape(mask, [clips, 1, frames]))
  return div(sum(mul(terms, real), [1, 2]), square(sum(mask, [1])))
}

/** Cross-entropy [B] of telling the furthest frames from the nearest by their mean squared differences: log(1 + exp((near - far) / temperature)). */
function contrast(first: View, second: View, affinity: Node, { temperature }: VavaOptions): Node {
  const difference = div(squaredDistances(first.projection, second.projection), first.projection.shape[2]!)
  const turned = [transpose(affinity, [0, 2, 1]), transpose(difference, [0, 2, 1])] as const
  const meanAt = (pick: Pick): Node => add(pickedMean(pick, affinity, difference, first.mask, second.mask), pickedMean(pick, ...turned, second.mask, first.mask))
  return softplus(div(sub(meanAt('largest'), meanAt('least')), temperature))
}

type Pick = 'largest' | 'least'

/** Mean over the rows that are frames of the difference at the place of the row's largest or least affinity, [B]. */
function pickedMean(pick: Pick, affinity: Node, difference: Node, rows: Node, columns: Node): Node {
  const hidden = mul(sub(1, reshape(columns, [columns.shape[0]!, 1, columns.shape[1]!])), pick === 'largest' ? -1e30 : 1e30)
  const place = (pick === 'largest' ? argMax : argMin)(add(affinity, hidden), 2, { keepDims: true })
  return meanPerRow(reshape(takeAlong(difference, place, 2), rows.shape), rows)
}

/** [B]. */
function framesOf({ mask }: View): Node {
  return sum(mask, [1])
}

function cells(x: Node): Node {
  return reshape(x, [x.shape[0]!, 1, 1])
}
