import {
  add, arange, concat, distributionCrossEntropy, div, log, logSoftmax, matmul, maximum, mean, mul, neg, type Node, oneHot, reshape, slice, softmax, sum, transposeLast, warpingCost,
  warpingTable,
} from '../../engine/index.ts'
import type { Loss } from './loss.ts'
import { cosines, hiddenColumns, meanPerRow, type View, viewsOf } from './pairs.ts'

/** Defaults of the release in `config.py` unless said otherwise. */
export type GtaOptions = {
  /** Cosines are divided by it (`DTW_GAMMA_F`): 0.1. */
  readonly temperature: number
  /** How soft the choice between ways is (`DTW_GAMMA_S`): 0.1. */
  readonly gamma: number
  /** What the ways to a cell count together (`DTW_RELAXATION`): their weighted `mean`, as released; or the soft `minimum`. */
  readonly relaxation: 'mean' | 'minimum'
  /** Of each of the two warpings; 0.1, written out in `smoothDTW.py`. */
  readonly weight: number
  /**
   * The shares of a frame's way to the other view and back are taken for the `logits` of where it ends, as released, which flattens them; or for the `shares` that they are; or there
   * is `none` (`REVCONS`).
   */
  readonly cycle: 'logits' | 'shares' | 'none'
  /** Of the wanted end: 0.1. */
  readonly smoothing: number
}

/**
 * GTA: smooth-DTW of one view to the other and back over -log of matches that sum to 1 for each frame of the second sequence, and the cross-entropy of cycles by both tables to where they
 * began. Mean over frames of the first view, then clips. All frames of a view, two of each clip; the release has 20 random frames and aligns the first of 4 clips with the others.
 * Hadji et al., Representation Learning via Global Temporal Alignment and Cycle-Consistency, CVPR 2021 (`smoothDTW.py`, `config.py`).
 */
export function gta(options: GtaOptions): Loss {
  return ({ projection }, batch) => {
    const { first, second } = viewsOf(projection, batch)
    const clips = first.mask.shape[0]!
    const [rows, columns] = [batch['mask']!, concat([second.mask, first.mask], 0)]
    const table = warpingTable(concat([costs(first, second, options), costs(second, first, options)], 0), { gamma: options.gamma, relaxation: options.relaxation })
    const warped = warpingCost(table, { rows: sum(rows, [1]), columns: sum(columns, [1]) })
    const both = mul(add(slice(warped, 0, 0, clips), slice(warped, 0, clips)), options.weight)
    return mean(options.cycle === 'none' ? both : add(both, meanPerRow(surprise(table, first.mask, rows, options), first.mask)), [0])
  }
}

/** -log softmax over the frames of `from` of cosine / temperature, [B, T, S]. */
function costs(from: View, to: View, { temperature }: GtaOptions): Node {
  return neg(transposeLast(logSoftmax(add(div(cosines(to.projection, from.projection), temperature), hiddenColumns(from.mask)))))
}

/** Cross-entropy [B, T] of a frame's way to the other view and back ending at it, of both tables [2B, T, T] whose rows have the mask `rows`. */
function surprise(table: Node, mask: Node, rows: Node, { cycle, smoothing }: GtaOptions): Node {
  const [clips, frames] = mask.shape as [number, number]
  const shares = softmax(add(neg(transposeLast(table)), hiddenColumns(rows)))
  const back = matmul(slice(shares, 0, clips), slice(shares, 0, 0, clips))
  const logits = add(cycle === 'logits' ? back : log(maximum(back, 1e-30)), hiddenColumns(mask))
  const any = reshape(div(mask, maximum(sum(mask, [1], { keepDims: true }), 1)), [clips, 1, frames])
  return distributionCrossEntropy(logits, add(mul(oneHot(arange(frames), frames), 1 - smoothing), mul(any, smoothing)), { reduction: 'none' })
}
