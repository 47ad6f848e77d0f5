import { add, div, less, min, mul, type Node, reshape, square, sub, sum } from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { timeDifferences, type View, viewsOf } from './pairs.ts'
import { timeDivergence } from './time-divergence.ts'

export type CarlOptions = {
  /** Cosines are divided by it. CARL: 0.1. */
  readonly temperature: number
  /** Of the Gaussian target, in frames^2 of the recording. CARL: 10. */
  readonly variance: number
  /** Added to predicted probabilities inside the logarithm. CARL: 1e-6. */
  readonly floor: number
}

/**
 * CARL's sequence contrastive loss as released: the divergence of every frame's match from a Gaussian over time, candidates from the other view only (`single_noself`), summed over both
 * directions and all clips and divided by all frames of the batch, so that long clips weigh more. A frame so far from the other view that all of its weights are 0 in float32 adds 0 to the sum,
 * and counts. Unlike there, padding is no candidate (there each padded frame weighs a millionth of one). Chen et al., CARL, CVPR 2022 (`scl.py`, `scl_transformer_action_config.yml`).
 */
export function carl(options: CarlOptions): Loss {
  return ({ projection }, batch) => {
    const { first, second } = viewsOf(projection, batch)
    return div(sum(add(divergences(first, second, options), divergences(second, first, options)), [0, 1]), sum(batch['mask']!, [0, 1]))
  }
}

/** exp(-x) is 0 in float32 from here on: ln 2^150. */
const UNDERFLOW = 103.97

/** Of every frame of `from` [B, T], 0 for padding and for frames without a target. */
function divergences(from: View, to: View, { temperature, variance, floor }: CarlOptions): Node {
  const [clips, frames] = to.mask.shape as [number, number]
  const far = mul(sub(1, reshape(to.mask, [clips, 1, frames])), 1e12)
  const nearest = min(add(square(timeDifferences(from.time, to.time)), far), [2])
  const hasTarget = less(nearest, UNDERFLOW * 2 * variance)
  return mul(timeDivergence(from, to, { temperature, spread: 2 * variance, floor }), mul(from.mask, hasTarget))
}
