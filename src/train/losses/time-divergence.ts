import { add, div, exp, log, logSoftmax, mul, neg, type Node, softmax, square, sub, sum } from '../../engine/index.ts'
import { cosines, hiddenColumns, timeDifferences, type View } from './pairs.ts'

export type TimeDivergenceOptions = {
  /** Cosines are divided by it. */
  readonly temperature: number
  /** Twice the variance of the Gaussian, in squares of the times' unit; broadcasts with [B, T, S]. */
  readonly spread: Node | number
  /** Added to predicted probabilities inside the logarithm. 0 = none, by a log-softmax. */
  readonly floor: number
}

/**
 * Per frame of `from` [B, T]: Kullback-Leibler divergence of Q_ts = softmax_s(cosine / temperature) over the frames of `to` from a Gaussian over time,
 * P_ts ~ exp(-(time_t - time_s)^2 / spread): sum_s P log(P / (Q + floor)). Padding of `to` is no candidate. Chen et al., CARL, CVPR 2022 (`scl.py`).
 */
export function timeDivergence(from: View, to: View, { temperature, spread, floor }: TimeDivergenceOptions): Node {
  const hidden = hiddenColumns(to.mask)
  const scores = add(div(cosines(from.projection, to.projection), temperature), hidden)
  const predicted = floor === 0 ? logSoftmax(scores) : log(add(softmax(scores), floor))
  const wanted = logSoftmax(add(neg(div(square(timeDifferences(from.time, to.time)), spread)), hidden))
  return sum(mul(exp(wanted), sub(wanted, predicted)), [2])
}
