import { add, arange, div, exp, logSoftmax, log, max, maximum, mul, type Node, reshape, square, stopGradient, sub, sum } from '../../engine/index.ts'
import { hiddenColumns } from './pairs.ts'

/** Of each distribution over places, K Gaussians. */
export type PlaceMixture = {
  /** Their weights, [P, n, K]. */
  readonly weights: Node
  /** Over the places that are frames each sums to 1, [P, n, K, M]. */
  readonly components: Node
}

/** Least variance of a component, in places^2; GTCC's. */
const LEAST_VARIANCE = 0.5

/**
 * Mixtures of K Gaussians over places 0, 1, ... fitted to distributions [P, n, M] of which the columns [P, M] are frames, by `steps` of expectation and maximisation: from means spread over the
 * sequence, variances of its length and equal weights, as GTCC begins. No derivative flows. A Gaussian is divided by its sum over the frames, of which maximisation knows nothing: it is exact for
 * those well within the sequence. Dempster, Laird and Rubin, 1977; Donahue and Elhamifar, CVPR 2024 (`get_gmm_lfbgf`, where L-BFGS lowers the divergence in both directions).
 */
export function placeMixture(distributions: Node, mask: Node, { components: count, steps }: { readonly components: number; readonly steps: number }): PlaceMixture {
  const [pairs, , columns] = distributions.shape as [number, number, number]
  const [wanted, hidden] = [withComponents(stopGradient(distributions)), withComponents(hiddenColumns(mask))]
  const [places, frames] = [arange(columns), reshape(sum(mask, [1]), [pairs, 1, 1, 1])]
  const away = (mean: Node): Node => square(sub(places, mean))
  const logOf = (mean: Node, variance: Node): Node => logSoftmax(add(div(away(mean), mul(variance, -2)), hidden))
  let mean = add(mul(div(sub(frames, 2), count), reshape(arange(count), [1, 1, count, 1])), 1)
  let [variance, weights] = [frames, div(1, count) as Node]
  for (let step = 0; step < steps; step++) {
    const joint = add(logOf(mean, variance), log(maximum(weights, 1e-30)))
    const relative = exp(sub(joint, max(joint, [2], { keepDims: true })))
    const owned = mul(div(relative, sum(relative, [2], { keepDims: true })), wanted)
    weights = sum(owned, [3], { keepDims: true })
    const whole = maximum(weights, 1e-30)
    mean = div(sum(mul(owned, places), [3], { keepDims: true }), whole)
    variance = maximum(div(sum(mul(owned, away(mean)), [3], { keepDims: true }), whole), LEAST_VARIANCE)
  }
  return { weights: reshape(weights, weights.shape.slice(0, 3)), components: exp(logOf(mean, variance)) }
}

/** [P, n, M] -> [P, n, 1, M]. */
function withComponents(x: Node): Node {
  return reshape(x, [...x.shape.slice(0, 2), 1, x.shape[2]!])
}
