import {
  add, arange, distributionCrossEntropy, div, gather, huber, log, matmul, maximum, mean, mul, neg, type Node, oneHot, reshape, softmax, square, sub, sum, transposeLast,
} from '../../engine/index.ts'
import { drawnFrames } from './drawn-frames.ts'
import type { Loss } from './loss.ts'
import { hiddenColumns, meanPerRow, orderedPairs, type PairKind, squaredDistances, type View } from './pairs.ts'

/** Defaults of the release in `config.py` unless said otherwise. */
export type TccOptions = {
  /** What a cycle that does not end where it began costs; the release has `regression-mse-var`, which the paper calls TCC. */
  readonly variant: 'regression-mse-var' | 'regression-mse' | 'regression-huber' | 'classification'
  /** Similarities are divided by it and by the depth: 0.1. */
  readonly temperature: number
  /** -|a - b|^2, or a b, which the release calls cosine: nothing is brought to length 1. */
  readonly similarity: 'squared-distance' | 'dot-product'
  /** Ordered pairs that cycle: the two `views` of each clip, which is the release's batch of 2 once for each; or all of the `batch` (of its part, with `accumulate`), as CARL's port with 4 clips of one action. */
  readonly pairs: PairKind
  /** Frames drawn from each view: 20; 0 = all. */
  readonly frames: number
  /** Shares of the clip's `length`, or `frames`. */
  readonly time: 'length' | 'frames'
  /** Of the logarithm of the variance (the paper: of the deviation): 0.001. */
  readonly varianceWeight: number
  /** Where the parabola of `regression-huber` becomes a line: 0.1. */
  readonly huberDelta: number
  /** Of the wanted place: 0.1. */
  readonly smoothing: number
  /** What regression aims at: the frame's `own` time, or, as in CARL's port, the mean over `smoothed` labels. */
  readonly target: 'own' | 'smoothed'
}

/**
 * Temporal cycle consistency: a frame goes to its soft nearest neighbour in another sequence and back, and should end where it began. Mean over frames, then ordered pairs.
 * Dwibedi et al., Temporal Cycle-Consistency Learning, CVPR 2019 (`tcc/losses.py`, `deterministic_alignment.py`, `config.py`); CARL's port (`algos/tcc.py`).
 */
export function tcc(options: TccOptions): Loss {
  return ({ projection }, { mask, time, length }) => {
    const rows = mask!.shape[0]!
    const view: View = { projection, mask: mask!, time: options.time === 'length' ? div(time!, reshape(length!, [rows, 1])) : time! }
    const drawn = drawnFrames('tcc.frames', view, options.frames)
    const pairs = orderedPairs(rows, options.pairs)
    return mean(cycleBack(rowsAt(drawn, pairs.map(([from]) => from)), rowsAt(drawn, pairs.map(([, through]) => through)), options), [0])
  }
}

/** What the cycles of the frames of `from` [P, N, z] through those of `through` [P, M, z] cost, averaged per sequence: [P]. Times are on any scale. */
export function cycleBack(from: View, through: View, options: TccOptions): Node {
  const there = softmax(add(similarities(from.projection, through.projection, options), hiddenColumns(through.mask)))
  const back = add(similarities(matmul(there, through.projection), from.projection, options), hiddenColumns(from.mask))
  return meanPerRow(options.variant === 'classification' ? surpriseOf(back, from, options) : errorOf(softmax(back), from, options), from.mask)
}

function similarities(a: Node, b: Node, { similarity, temperature }: TccOptions): Node {
  const alike = similarity === 'dot-product' ? matmul(a, transposeLast(b)) : neg(squaredDistances(a, b))
  return mul(alike, 1 / a.shape[2]! / temperature)
}

/** Cross-entropy [P, N] of ending where it began. */
function surpriseOf(back: Node, { mask }: View, { smoothing }: TccOptions): Node {
  const [pairs, frames] = mask.shape as [number, number]
  const any = reshape(div(mask, countOf(mask)), [pairs, 1, frames])
  return distributionCrossEntropy(back, add(mul(oneHot(arange(frames), frames), 1 - smoothing), mul(any, smoothing)), { reduction: 'none' })
}

/** The variance of a match on one frame alone is 0, and what it divides no number: the release's loss ends there. */
const LEAST_VARIANCE = 1e-12

/** Error [P, N] of the mean time that the shares [P, N, N] of a cycle's end predict. */
function errorOf(shares: Node, from: View, { variant, varianceWeight, huberDelta, target, smoothing }: TccOptions): Node {
  const [pairs, frames] = from.mask.shape as [number, number]
  const times = reshape(from.time, [pairs, 1, frames])
  const predicted = sum(mul(shares, times), [2])
  const wanted = target === 'own' ? from.time : smoothedTimes(from, smoothing)
  if (variant === 'regression-huber') return huber(predicted, wanted, { delta: huberDelta, reduction: 'none' })
  const error = square(sub(wanted, predicted))
  if (variant === 'regression-mse') return error
  const variance = maximum(sum(mul(shares, square(sub(times, reshape(predicted, [pairs, frames, 1])))), [2]), LEAST_VARIANCE)
  return add(div(error, variance), mul(log(variance), varianceWeight))
}

/** The mean over labels of which the other n - 1 frames have smoothing / (n - 1) each. */
function smoothedTimes({ time, mask }: View, smoothing: number): Node {
  const others = mul(div(1, maximum(sub(countOf(mask), 1), 1)), smoothing)
  const total = sum(mul(time, mask), [1], { keepDims: true })
  return add(mul(time, sub(1 - smoothing, others)), mul(total, others))
}

/** Frames of each row, [P, 1], at least 1. */
function countOf(mask: Node): Node {
  return maximum(sum(mask, [1], { keepDims: true }), 1)
}

function rowsAt({ projection, mask, time }: View, rows: readonly number[]): View {
  return { projection: gather(projection, rows), mask: gather(mask, rows), time: gather(time, rows) }
}
