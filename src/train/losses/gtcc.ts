import {
  add, and, arange, constant, div, gather, greater, greaterOrEqual, less, log, matmul, maximum, mean, mul, type Node, or, pow, randomInput, reshape, round, softmax, sqrt, square, sub, sum, takeAlong, where,
} from '../../engine/index.ts'
import { drawnPlaces } from './drawn-frames.ts'
import { dropVectors, frameDropSpec, keptShares } from './frame-drop.ts'
import type { Loss } from './loss.ts'
import { distances, hiddenColumns, meanPerRow, orderedPairs, type PairKind } from './pairs.ts'
import { placeMixture } from './place-mixture.ts'

/** Defaults of the release in `entry_config.py` and `generic_config.py` unless said otherwise. */
export type GtccOptions = {
  /** Distances are divided by it: 0.1. */
  readonly temperature: number
  /** Ordered pairs that cycle: the two `views` of each clip, or all of the `batch` (of its part, with `accumulate`), as released, whose batches are clips of one activity. */
  readonly pairs: PairKind
  /** Frames drawn from each view: 20; 0 = all. */
  readonly frames: number
  /** Gaussians of a mixture, K: 5; 15 in the wild. */
  readonly components: number
  /** Steps of expectation and maximisation that fit it: 16 **[I]**, which fit better than the release's 32 of L-BFGS by what those lower (bench/peers/losses_gtcc.py). */
  readonly steps: number
  /** Share of a view's frames that a cycle may end in, delta: 0.5; 0.2 in the wild. */
  readonly window: number
  /** What the least chance that a frame is not dropped falls by in each epoch, gamma: 1 = none is dropped; 0.95 in the wild. */
  readonly gamma: number
  /** Of the logarithm of a cycle's deviation: 0. */
  readonly varianceWeight: number
}

/** What a dropped frame costs is 1 over its cost, which the release has no bound for. */
const LEAST_COST = 1e-6

/**
 * GTCC, temporal cycle consistency of several modes: the soft assignment of a frame to the other view is fitted by a mixture of Gaussians over its places, without derivative. Each Gaussian has a soft
 * neighbour, which comes back to a place of the frame's own view, within a window drawn at random: squared errors in places, weighed by the mixture. With gamma below 1 a frame costs B l + (1 - B) / l,
 * B the chance that it is not dropped. Mean over frames, then ordered pairs, where the release has the sum. Mixtures are fitted by expectation and maximisation, not L-BFGS; padding is no candidate;
 * shares of a window sum to 1, also where those of the release vanish beside its 1e-6. `depth` = numbers per frame of the projections.
 * Donahue and Elhamifar, Learning to Predict Activity Progress by Self-Supervised Video Alignment, CVPR 2024 (`loss_functions.py`, `tensorops.py`, `entry_config.py`).
 */
export function gtcc(options: GtccOptions, depth: number): Loss {
  const drops = options.gamma < 1
  const loss: Loss = ({ projection }, batch, params) => {
    const mask = batch['mask']!
    const rows = mask.shape[0]!
    const drawn = drawnPlaces('gtcc.frames', mask, { draws: 1, frames: options.frames })
    const places = reshape(drawn, [rows, drawn.shape[2]!])
    const isBefore = greater(randomInput('gtcc.window', [rows, 1, 1], { kind: 'uniform' }), 0.5)
    const window = marginWindow(places, mask, { share: options.window, isBefore })
    const pairs = orderedPairs(rows, options.pairs)
    const [from, through] = [pairs.map(([row]) => row), pairs.map(([, row]) => row)]
    const own = { projection: gather(projection, from), places: gather(places, from), window: gather(window, from) }
    const cost = cycleCosts(own, { projection: gather(projection, through), mask: gather(mask, through) }, options)
    const ownMask = gather(mask, from)
    const isReal = takeAlong(ownMask, own.places, 1)
    if (!drops) return mean(meanPerRow(cost, isReal), [0])
    const least = pow(constant(options.gamma), add(batch['epoch']!, 1))
    const kept = takeAlong(keptShares(own.projection, ownMask, gather(dropVectors(projection, mask, params), through), least), own.places, 1)
    return mean(meanPerRow(add(mul(kept, cost), div(sub(1, kept), maximum(cost, LEAST_COST))), isReal), [0])
  }
  return Object.assign(loss, drops ? { parameters: frameDropSpec(depth), told: ['epoch' as const] } : {})
}

/**
 * 1 for places of a view that the cycle of a frame at `places` [R, n] may end in, [R, n, T]. As released, of N frames W = share N: the W before the frame, or itself and W - 1 after it; and for the
 * first and the last W frames of the view one another.
 */
export function marginWindow(places: Node, mask: Node, { share, isBefore }: { readonly share: number; readonly isBefore: Node }): Node {
  const [rows, frames] = mask.shape as [number, number]
  const [at, ends] = [reshape(places, [...places.shape, 1]), reshape(arange(frames), [1, 1, frames])]
  const count = reshape(sum(mask, [1]), [rows, 1, 1])
  const width = maximum(round(mul(count, share)), 1)
  const start = sub(at, where(isBefore, width, 0))
  const isNear = and(greaterOrEqual(ends, start), less(ends, add(start, width)))
  const isAmong = (isThere: (place: Node) => Node): Node => and(isThere(at), isThere(ends))
  const isEither = or(isAmong((place) => less(place, width)), isAmong((place) => greaterOrEqual(place, sub(count, width))))
  return and(or(isNear, isEither), reshape(mask, [rows, 1, frames]))
}

type Own = { readonly projection: Node; readonly places: Node; readonly window: Node }
type Other = { readonly projection: Node; readonly mask: Node }

/** What the cycles of the frames at `places` [P, n] of [P, T, z] through [P, M, z] cost, [P, n]; they end within the window [P, n, T]. */
export function cycleCosts(own: Own, other: Other, { temperature, components: count, steps, varianceWeight }: Pick<GtccOptions, 'temperature' | 'components' | 'steps' | 'varianceWeight'>): Node {
  const [pairs, drawn] = own.places.shape as [number, number]
  const [frames, depth] = own.projection.shape.slice(1) as [number, number]
  const alike = (a: Node, b: Node): Node => div(distances(a, b), -temperature)
  const there = softmax(add(alike(gather(own.projection, own.places, 1, { batchAxes: 1 }), other.projection), hiddenColumns(other.mask)))
  const { weights, components } = placeMixture(there, other.mask, { components: count, steps })
  const each = [pairs, drawn, count]
  const neighbours = matmul(reshape(components, [pairs, drawn * count, other.mask.shape[1]!]), other.projection)
  const outside = mul(sub(reshape(own.window, [pairs, drawn, 1, frames]), 1), 1e9)
  const back = softmax(add(reshape(alike(reshape(neighbours, [pairs, drawn * count, depth]), own.projection), [...each, frames]), outside))
  const ends = sum(mul(back, arange(frames)), [3])
  const error = square(sub(reshape(own.places, [pairs, drawn, 1]), ends))
  if (varianceWeight === 0) return sum(mul(error, weights), [2])
  const variance = sum(mul(back, square(sub(arange(frames), reshape(ends, [...each, 1])))), [3])
  return sum(mul(add(error, mul(log(sqrt(maximum(variance, 1e-12))), varianceWeight)), weights), [2])
}
