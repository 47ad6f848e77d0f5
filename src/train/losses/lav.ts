import {
  add, concat, div, maximum, mean, mul, neg, type Node, relu, reshape, slice, softDtw, square, stepMask, sub, sum, unitRows, where,
} from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { squaredDistances, timeDifferences, type View } from './pairs.ts'

/** Defaults of the release in `config.py` unless said otherwise. */
export type LavOptions = {
  /** Of soft-DTW: 0.1. */
  readonly gamma: number
  /** `plain`, or less half of the warping of each view to itself (`SDTW_NORMALIZE`). */
  readonly warping: 'plain' | 'normalised'
  /** Of the regularisers: 0.5. */
  readonly alpha: number
  /** Squared distance from which frames far apart in time cost nothing: 2. */
  readonly margin: number
  /** Frames of the recording within which two frames are near in time: 10. */
  readonly window: number
  /** Unit of the times that weigh frames far apart, 1 + (t_i - t_j)^2: the `length` of the clip, as released, so that weights are 1 to 2; or `frames`. */
  readonly weights: 'length' | 'frames'
  /** What the loss of a clip is divided by: 20, the frames of a view there, however many there are; 0 = the frames of its first view. */
  readonly divisor: number
}

/**
 * LAV: soft-DTW of squared distances between the two views of a clip, embeddings of length 1, and for each view the regulariser that draws frames near in time together and pushes
 * others apart; mean over clips. All frames of a view, where the release has one of each of 20 segments.
 * Haresh et al., Learning by Aligning Videos in Time, CVPR 2021 (`losses.py`, `soft_dtw.py`, `config.py`).
 */
export function lav(options: LavOptions): Loss {
  return ({ projection }, { mask, time, length }) => {
    const clips = mask!.shape[0]! / 2
    const all: View = { projection: unitRows(projection), mask: mask!, time: time! }
    const apart = contrast(all, length!, options)
    const total = add(warping(all, options), mul(add(slice(apart, 0, 0, clips), slice(apart, 0, clips)), options.alpha))
    const divisor = options.divisor === 0 ? maximum(sum(slice(mask!, 0, 0, clips), [1]), 1) : options.divisor
    return mean(div(total, divisor), [0])
  }
}

/** Soft-DTW [B] of rows b and b + B. */
function warping({ projection, mask }: View, { gamma, warping: kind }: LavOptions): Node {
  const clips = mask.shape[0]! / 2
  const [first, second] = [slice(projection, 0, 0, clips), slice(projection, 0, clips)]
  const frames = sum(mask, [1])
  if (kind === 'plain') return softDtw(squaredDistances(first, second), { gamma, lengths: { rows: slice(frames, 0, 0, clips), columns: slice(frames, 0, clips) } })
  const lengths = { rows: concat([frames, slice(frames, 0, 0, clips)], 0), columns: concat([frames, slice(frames, 0, clips)], 0) }
  const costs = softDtw(squaredDistances(concat([projection, first], 0), concat([projection, second], 0)), { gamma, lengths })
  const [firstSelf, secondSelf, both] = [0, 1, 2].map((part) => slice(costs, 0, part * clips, (part + 1) * clips)) as [Node, Node, Node]
  return sub(both, mul(add(firstSelf, secondSelf), 0.5))
}

/**
 * The contrastive inverse difference moment I(X) [B] of each sequence: over all pairs of its frames, their squared distance D where they are within the window, else
 * (1 + (t_i - t_j)^2) max(0, margin - D).
 */
export function contrast({ projection, mask, time }: View, length: Node, { margin, window, weights }: Pick<LavOptions, 'margin' | 'window' | 'weights'>): Node {
  const [rows, frames] = mask.shape as [number, number]
  const [ofRow, ofPair] = [reshape(length, [rows, 1]), reshape(length, [rows, 1, 1])]
  const shares = div(time, ofRow)
  const difference = timeDifferences(shares, shares)
  const isFar = stepMask(sub(maximum(difference, neg(difference)), div(window, ofPair)))
  const weight = add(1, square(weights === 'length' ? difference : mul(difference, ofPair)))
  const distance = squaredDistances(projection, projection)
  const real = mul(reshape(mask, [rows, frames, 1]), reshape(mask, [rows, 1, frames]))
  return sum(mul(where(isFar, mul(weight, relu(sub(margin, distance))), distance), real), [1, 2])
}
