import type { Tensor } from '../../tensor.ts'
import { smooth } from '../joint-signal.ts'
import { type Limit, upperLimit } from './conformal.ts'
import { type FrameCosts, pairCosts } from './pair-costs.ts'
import { type StepCheck, stepCheck } from './steps.ts'

/** A clip that shows how an action is done: its embedding [T, d], and its steps where they are known. */
export type Performance = {
  readonly embedding: Tensor
  /** [T] the index of the step of each frame; null = not known. */
  readonly steps: ArrayLike<number> | null
}

export type AnomalyOptions = {
  /** The share of clean clips that each check may take for anomalous. */
  readonly level: number
  /** How many references, each frame's nearest ones, a frame is held against. */
  readonly nearest: number
}

/** `unknown`: nothing like it in the references; `misplaced`: they have it, but not at this moment. `times`: its highest score in limits, null where the limit is 0. Frames [start, end). */
export type AnomalousSegment = { readonly start: number; readonly end: number; readonly kind: 'unknown' | 'misplaced'; readonly times: number | null }

export type Anomalies = {
  /** [T] mean squared distance to the frames beside it in its nearest references, smoothed. */
  readonly scores: Float64Array
  /** [T] the share of all frames of the references with a lower score, each reference scored by the others. */
  readonly quantiles: Float64Array
  /** What the scores of a whole clean clip stay below. */
  readonly limit: Limit
  readonly segments: readonly AnomalousSegment[]
  /** null = too few references have steps. */
  readonly steps: StepCheck | null
}

/** References, and what the frames of reference r cost beside reference s: [r][s], null for r = s. */
export type ReferenceSet = { readonly references: readonly Performance[]; readonly among: readonly (readonly (FrameCosts | null)[])[] }

/** Frames over which scores are averaged. */
const SMOOTHING = 5

/**
 * What of a clip is not as in the references: frames that none of them has in that place, steps that are missing or passed in a hurry. Every reference is scored by the others in the same way, and what is
 * more than most of them ever reach is anomalous: the limit is conformal, one per clip and check, so that clean clips are flagged with the chance that it states.
 */
export function findAnomalies({ embedding: own }: Pick<Performance, 'embedding'>, { references, among }: ReferenceSet, options: AnomalyOptions): Anomalies {
  const beside = references.map(({ embedding }) => pairCosts(own, embedding))
  const others = (row: number): FrameCosts[] => among[row]!.flatMap((costs) => costs ?? [])
  const profile = (costs: readonly FrameCosts[], kind: 'placed' | 'free'): Float64Array => smooth(nearestMean(costs.map((one) => one[kind]), options.nearest), SMOOTHING)
  const calibrate = (kind: 'placed' | 'free') => references.map((_, row) => profile(others(row), kind))
  const [placed, free] = [calibrate('placed'), calibrate('free')]
  const [limit, freeLimit] = [placed, free].map((profiles) => upperLimit(profiles.map(highest), options.level)) as [Limit, Limit]
  const costs = beside.map(([one]) => one)
  const scores = profile(costs, 'placed')
  return {
    scores, limit, quantiles: quantilesOf(scores, placed), segments: segmentsOf(scores, limit, { free: profile(costs, 'free'), freeLimit }),
    steps: stepCheck({ references, beside, among }, options),
  }
}

/** Clips that show how an action is done, each held against every other: at least 2. */
export function referenceSet(references: readonly Performance[]): ReferenceSet {
  const among = references.map(() => references.map((): FrameCosts | null => null))
  for (let r = 0; r < references.length; r++) {
    for (let s = 0; s < r; s++) [among[r]![s], among[s]![r]] = pairCosts(references[r]!.embedding, references[s]!.embedding)
  }
  return { references, among }
}

/** Per frame the mean of the `nearest` least costs. */
function nearestMean(costs: readonly Float64Array[], nearest: number): Float64Array {
  const count = Math.min(nearest, costs.length)
  return costs[0]!.map((_, frame) => costs.map((one) => one[frame]!).sort((a, b) => a - b).slice(0, count).reduce((sum, cost) => sum + cost, 0) / count)
}

function highest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

function quantilesOf(scores: Float64Array, profiles: readonly Float64Array[]): Float64Array {
  const pooled = Float64Array.from(profiles.flatMap((profile) => Array.from(profile))).sort()
  return scores.map((score) => countBelow(pooled, score) / pooled.length)
}

function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Runs of frames above the limit. */
function segmentsOf(scores: Float64Array, limit: Limit, { free, freeLimit }: { free: Float64Array; freeLimit: Limit }): AnomalousSegment[] {
  const segments: AnomalousSegment[] = []
  for (let start = 0, end; start < scores.length; start = end) {
    const isAbove = scores[start]! > limit.value
    for (end = start + 1; end < scores.length && scores[end]! > limit.value === isAbove; end++);
    if (!isAbove) continue
    const isUnknown = free.subarray(start, end).some((cost) => cost > freeLimit.value)
    segments.push({ start, end, kind: isUnknown ? 'unknown' : 'misplaced', times: limit.value === 0 ? null : highest(scores.subarray(start, end)) / limit.value })
  }
  return segments
}
