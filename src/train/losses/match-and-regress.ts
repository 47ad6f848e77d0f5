import {
  add, arange, div, log, matmul, max, maximum, mean, mul, neg, type Node, reshape, softmax, square, stepMask, stopGradient, sub, sum, where,
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
  /** `regression`: the squared error, as CASA trains. `regression-var`: over the variance of the match, plus `varianceWeight` times its logarithm, which CASA's code has and none of its configurations uses. */
  readonly variant: 'regression' | 'regression-var'
  /** CASA: 1e-5. */
  readonly varianceWeight: number
  /** Padding of the other view is `hidden` from the match, or `matched` as in CASA, which has no masks: frames of zeros after the last one, whose times go on. */
  readonly pads: 'hidden' | 'matched'
}

/** The variance of a match on one frame alone is 0, and what it divides no number. */
const LEAST_VARIANCE = 1e-12

/**
 * Every frame of one view predicts its time in the other by a soft match, t^ = sum_s softmax_s(similarity / temperature) time_s; squared error to the time of
 * its partner. Only frames with exactly one partner count. Mean over frames, then directions (their sum where CASA has two), then clips. Kwon et al., CASA, CVPR 2022 (`casa_loss.py`, `matching.py`).
 */
export function matchAndRegress(options: MatchAndRegressOptions): Loss {
  return ({ projection }, batch) => {
    const { first, second, length } = viewsOf(projection, batch)
    const there = errorOf(second, first, length, options)
    if (options.direction === 'second-to-first') return mean(there, [0])
    return mul(mean(add(there, errorOf(first, second, length, options)), [0]), 0.5)
  }
}

/** What the times predicted for the frames of `from` cost on average, per clip [B]. */
function errorOf(from: View, to: View, length: Node, options: MatchAndRegressOptions): Node {
  const { partner, matched } = partners(from, to)
  const { predicted, variance } = softTimes(from, to, options)
  const inUnits = (of: Node): Node => (options.time === 'length' ? div(of, length) : of)
  const error = square(inUnits(sub(predicted, partner)))
  if (options.variant === 'regression') return meanPerRow(error, matched)
  const spread = maximum(inUnits(inUnits(variance)), LEAST_VARIANCE)
  return meanPerRow(add(div(error, spread), mul(log(spread), options.varianceWeight)), matched)
}

/** The times in `to` that frames of `from` are softly matched to, and the variance of the match, [B, T] in frames. */
export function softTimes(from: View, to: View, { temperature, similarity, pads }: Pick<MatchAndRegressOptions, 'temperature' | 'similarity' | 'pads'>): { predicted: Node; variance: Node } {
  const [clips, frames] = to.time.shape as [number, number]
  const alike = div(similarities(from.projection, to.projection, similarity), temperature)
  const match = softmax(pads === 'hidden' ? add(alike, hiddenColumns(to.mask)) : alike)
  const times = pads === 'hidden' ? to.time : timesOn(to)
  const predicted = reshape(matmul(match, reshape(times, [clips, frames, 1])), from.time.shape)
  return { predicted, variance: sum(mul(match, square(timeDifferences(predicted, times))), [2]) }
}

/** The times of a view [B, T], those of the padding one frame each after the last. */
function timesOn({ time, mask }: View): Node {
  const last = max(sub(time, mul(sub(1, mask), 1e6)), [1], { keepDims: true })
  return where(mask, time, add(last, sub(arange(time.shape[1]!, { start: 1 }), sum(mask, [1], { keepDims: true }))))
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
