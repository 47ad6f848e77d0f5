import {
  add, div, matmul, max, maximum, mean, mul, neg, type Node, reshape, softmax, square, stepMask, stopGradient, sub, sum,
} from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { cosines, distances, hiddenColumns, meanPerRow, timeDifferences, type View, viewsOf } from './pairs.ts'

export type MatchAndRegressOptions = {
  readonly temperature: number
  /** `distance`: -|a - b| / sqrt(d) / d, CASA on Penn Action and H2O; `cosine`: CASA on IKEA ASM. */
  readonly similarity: 'cosine' | 'distance'
  /** `second-to-first`, as CASA: frames of the second view predict their time in the first; `both`: and the other way round. */
  readonly direction: 'second-to-first' | 'both'
  /** `frames`, as CASA, or shares of the clip's `length`. */
  readonly time: 'frames' | 'length'
}

/**
 * Every frame of one view predicts its time in the other by a soft match, t^ = sum_s softmax_s(similarity / temperature) time_s; squared error to the time of
 * its partner. Only frames with exactly one partner count. Mean over frames, then directions, then clips. Kwon et al., CASA, CVPR 2022 (`casa_loss.py`).
 */
export function matchAndRegress(options: MatchAndRegressOptions): Loss {
  return ({ projection }, batch) => {
    const { first, second, length } = viewsOf(projection, batch)
    const there = errorOf(second, first, length, options)
    if (options.direction === 'second-to-first') return mean(there, [0])
    return mul(mean(add(there, errorOf(first, second, length, options)), [0]), 0.5)
  }
}

/** Mean squared error of the times predicted for the frames of `from`, per clip [B]. */
function errorOf(from: View, to: View, length: Node, { temperature, similarity, time }: MatchAndRegressOptions): Node {
  const scores = add(div(similarities(from.projection, to.projection, similarity), temperature), hiddenColumns(to.mask))
  const { partner, matched } = partners(from, to)
  const [clips, frames] = to.time.shape as [number, number]
  const predicted = reshape(matmul(softmax(scores), reshape(to.time, [clips, frames, 1])), from.time.shape)
  const error = sub(predicted, partner)
  return meanPerRow(square(time === 'length' ? div(error, length) : error), matched)
}

function similarities(a: Node, b: Node, similarity: MatchAndRegressOptions['similarity']): Node {
  const depth = a.shape[2]!
  return similarity === 'cosine' ? cosines(a, b) : mul(neg(distances(mul(a, 1 / Math.sqrt(depth)), mul(b, 1 / Math.sqrt(depth)))), 1 / depth)
}

/**
 * Per frame of `from`: the time of its partner in `to`, and 1 when there is exactly one, else 0. Partners are mutually nearest in original time and at most one
 * frame apart, so that a frame beyond the other view's cut has none.
 */
function partners(from: View, to: View): { partner: Node; matched: Node } {
  const [clips, frames] = to.mask.shape as [number, number]
  const difference = timeDifferences(from.time, to.time)
  const apart = maximum(difference, neg(difference))
  const real = mul(reshape(from.mask, [...from.mask.shape, 1]), reshape(to.mask, [clips, 1, frames]))
  const far = add(apart, mul(sub(1, real), 1e6))
  const isNearest = (axis: number): Node => isAtMost(far, neg(max(neg(far), [axis], { keepDims: true })))
  const pairs = mul(mul(isNearest(2), isNearest(1)), isAtMost(far, 1))
  const count = sum(pairs, [2], { keepDims: false })
  const partner = sum(mul(pairs, reshape(to.time, [clips, 1, frames])), [2], { keepDims: false })
  return { partner: stopGradient(partner), matched: mul(isAtMost(count, 1), isAtMost(neg(count), -1)) }
}

/** 1 where a <= b, else 0; no derivative flows. */
function isAtMost(a: Node, b: Node | number): Node {
  return sub(1, stepMask(sub(a, b)))
}
