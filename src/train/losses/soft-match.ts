import { add, constant, div, max, maximum, mean, mul, neg, type Node, reshape, square, stepMask, sub } from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { meanPerRow, type View, viewsOf } from './pairs.ts'
import { timeDivergence } from './time-divergence.ts'

export type SoftMatchOptions = {
  /** Cosines are divided by it; 0.1 as CARL. */
  readonly temperature: number
  /** Of the Gaussian target, in squares of `unit`. CARL: 10 frames^2. */
  readonly variance: number
  /** `frames` of the recording, `window-frames` of the clip once it is thinned to `window` frames, or the clip's `length`. */
  readonly unit: 'frames' | 'window-frames' | 'length'
  /** Most frames of a view. */
  readonly window: number
  /** Frames more than one (window) frame before or after the other view have no partner there: `left-out`, or matched to the nearest end as CARL does. */
  readonly outside: 'left-out' | 'matched'
  /** Added to predicted probabilities inside the logarithm; CARL: 1e-6. 0 = none, by a log-softmax. */
  readonly floor: number
}

/**
 * Every frame of one view should find the frames of the other view near it in original time: Kullback-Leibler divergence of softmax(cosine / temperature)
 * from a Gaussian over time, P_ts ~ exp(-(time_t - time_s)^2 / (2 variance)), both directions, candidates from the other view only. 0 = exactly matched.
 * Mean over frames, then directions, then clips. Chen et al., CARL, CVPR 2022 (sequence contrastive loss, `single_noself`).
 */
export function softMatch(options: SoftMatchOptions): Loss {
  return ({ projection }, batch) => {
    const { first, second, length } = viewsOf(projection, batch)
    return mul(mean(add(matchOf(first, second, length, options), matchOf(second, first, length, options)), [0]), 0.5)
  }
}

/** The divergence averaged over the frames of `from`, per clip [B]. */
function matchOf(from: View, to: View, length: Node, { temperature, variance, unit, window, floor, outside }: SoftMatchOptions): Node {
  const perWindow = maximum(div(length, window), 1)
  const scale = { frames: constant(1), 'window-frames': perWindow, length }[unit]
  const spread = mul(square(unit === 'frames' ? scale : reshape(scale, [length.shape[0]!, 1, 1])), 2 * variance)
  const divergence = timeDivergence(from, to, { temperature, spread, floor })
  return meanPerRow(divergence, outside === 'matched' ? from.mask : mul(from.mask, isWithin(from.time, to, perWindow)))
}

/** 1 where a time [B, T] lies in the span of a view, give or take `margin` [B, 1], else 0. */
function isWithin(time: Node, { time: other, mask }: View, margin: Node): Node {
  const padded = mul(sub(1, mask), 1e6)
  const first = neg(max(neg(add(other, padded)), [1], { keepDims: true }))
  const last = max(sub(other, padded), [1], { keepDims: true })
  return sub(1, stepMask(maximum(sub(sub(first, margin), time), sub(time, add(last, margin)))))
}
