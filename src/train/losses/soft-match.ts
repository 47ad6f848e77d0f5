import { add, div, exp, log, logSoftmax, mean, mul, neg, type Node, reshape, softmax, square, sub, sum } from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { cosines, hiddenColumns, meanPerRow, timeDifferences, type View, viewsOf } from './pairs.ts'

export type SoftMatchOptions = {
  /** Cosines are divided by it; 0.1 as CARL. */
  readonly temperature: number
  /** Of the Gaussian target: in frames^2, or in squares of the clip's length when `unit` is `length`. CARL: 10 frames^2. */
  readonly variance: number
  readonly unit: 'frames' | 'length'
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
function matchOf(from: View, to: View, length: Node, { temperature, variance, unit, floor }: SoftMatchOptions): Node {
  const hidden = hiddenColumns(to.mask)
  const scores = add(div(cosines(from.projection, to.projection), temperature), hidden)
  const predicted = floor === 0 ? logSoftmax(scores) : log(add(softmax(scores), floor))
  const spread = mul(unit === 'frames' ? 1 : reshape(square(length), [length.shape[0]!, 1, 1]), 2 * variance)
  const wanted = logSoftmax(add(neg(div(square(timeDifferences(from.time, to.time)), spread)), hidden))
  const divergence = sum(mul(exp(wanted), sub(wanted, predicted)), [2])
  return meanPerRow(divergence, from.mask)
}
